"""From a customer table to segments that are real, named, explained and acted on.

>>> import segmentry as sg
>>> result = sg.segment(sg.datasets.ecommerce(300).customers)
>>> [one.name for one in result.segments]
['High Spenders', 'Bargain Hunters', 'Window Shoppers']
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segmentry import datasets as datasets
    from segmentry.errors import DataError as DataError
    from segmentry.errors import ModelError as ModelError
    from segmentry.errors import OutputError as OutputError
    from segmentry.errors import SegmentryError as SegmentryError
    from segmentry.errors import UsageError as UsageError
    from segmentry.results.estimator import Segmenter as Segmenter
    from segmentry.results.evaluation import Judgement as Judgement
    from segmentry.results.evaluation import evaluate as evaluate
    from segmentry.results.exploration import explore as explore
    from segmentry.results.plan import Planned as Planned
    from segmentry.results.plan import plan as plan
    from segmentry.results.segmentation import Result as Result
    from segmentry.results.segmentation import load as load
    from segmentry.results.segmentation import segment as segment
    from segmentry.settings import Settings as Settings

__version__ = "0.1.0"

_HOMES = {
    "DataError": "segmentry.errors",
    "Judgement": "segmentry.results.evaluation",
    "ModelError": "segmentry.errors",
    "OutputError": "segmentry.errors",
    "Planned": "segmentry.results.plan",
    "Result": "segmentry.results.segmentation",
    "SegmentryError": "segmentry.errors",
    "Segmenter": "segmentry.results.estimator",
    "Settings": "segmentry.settings",
    "UsageError": "segmentry.errors",
    "evaluate": "segmentry.results.evaluation",
    "explore": "segmentry.results.exploration",
    "load": "segmentry.results.segmentation",
    "plan": "segmentry.results.plan",
    "segment": "segmentry.results.segmentation",
}

__all__ = [  # noqa: PLE0604 - one list of public names, kept in one place
    *sorted([*_HOMES, "datasets"])
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: ``import segmentry`` itself costs nothing."""
    if name == "datasets":
        return import_module("segmentry.datasets")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    message = f"module 'segmentry' has no attribute '{name}'"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
