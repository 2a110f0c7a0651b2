"""A figure as Python has it: it shows itself in a notebook, is saved as a file, and keeps its numbers."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.edges.rendering.png import png
from segmentry.errors import OutputError, UsageError, reason
from segmentry.views.drawing.figure import Figure, below_one_another
from segmentry.views.drawing.theme import WIDTH

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """One of the figures of a result; a long one has several pages, which are shown below one another.

    Attributes:
        figures: Its pages.

    >>> import segmentry as sg
    >>> chart = sg.explore(sg.datasets.ecommerce(300).customers).chart("correlations")
    >>> chart.data.column_names
    ['feature', 'other', 'pearson', 'spearman']
    """

    figures: tuple[Figure, ...]

    @property
    def title(self) -> str:
        """The finding with its number."""
        return self.figures[0].title

    @property
    def pages(self) -> tuple["Chart", ...]:
        """Each page as a chart of its own."""
        return tuple(Chart((page,)) for page in self.figures)

    @property
    def svg(self) -> str:
        """The whole figure as an SVG document."""
        return below_one_another(self.figures)

    @property
    def data(self) -> "pa.Table":
        """The numbers behind the figure, of all pages (``.to_pandas()`` works); what is not known is null."""
        import pyarrow as pa

        rows = [row for page in self.figures for row in page.data]
        names = dict.fromkeys(name for row in rows for name in row)
        columns = {name: [row.get(name) for row in rows] for name in names}
        return pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the figure as SVG or as PNG, as the ending of the path says.

        Raises:
            UsageError: when the path ends in something else.
            OutputError: when the file cannot be written.
        """
        target = Path(path)
        if target.suffix not in {".svg", ".png"}:
            raise UsageError(
                f"A figure cannot be saved as '{target.name}'.", hint="End the name in .svg or in .png."
            )
        drawing = self.svg.encode() if target.suffix == ".svg" else png(self.svg)
        try:
            target.write_bytes(drawing)
        except OSError as failure:
            raise OutputError(f"{target} cannot be written: {reason(failure)}.") from failure
        return target

    def __repr__(self) -> str:
        """The name, the finding, and how to look at it."""
        several = f" ({len(self.figures)} pages)" if len(self.figures) > 1 else ""
        return f"<Chart {self.figures[0].name}{several}: {self.title}>"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        """A PNG for notebooks, as sharp as the screen: it looks the same wherever the notebook is opened."""
        return {"image/png": png(self.svg), "text/plain": repr(self)}, {"image/png": {"width": WIDTH}}
