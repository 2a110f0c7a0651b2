"""Templates of pages: each package has its own, and all share those of this room."""

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def environment(package: str) -> Environment:
    """The templates of a package and the shared ones: everything escaped, an unknown name is an error.

    Args:
        package: The package whose ``templates`` come first; ``cell.html`` there says what a cell looks like.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("segmentry.views.topics")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
