"""Run folders as awkward as shops can make them: one segment, twelve, 25 very long names, hostile names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from crowds import make_crowd

import segmentry as sg

HOSTILE_RUN = "<img src=x onerror=alert(6)>{{7*7}}"
NASTY = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(2)>',
    "{{7*7}}",
    '=HYPERLINK("http://evil.example","x")',
    "</style><style>*{display:none}",
    "</svg><script>alert(5)</script>",
    "\u202eright to left",
    "javascript:alert(3)//http://evil.example/pixel.png",
    "'; DROP VIEW customers; --",
    "../../../etc/passwd",
)


def _shop(**settings: Any) -> sg.Result:
    return sg.segment(sg.datasets.ecommerce(999).customers, name="shop.csv", effort="quick", **settings)


def _long() -> sg.Result:
    """25 features whose names are sentences, some of one word without a place to break."""
    crowd = make_crowd(5, 25, 700, names="long")
    names = [name.replace(" ", "_") if at % 3 == 0 else name for at, name in enumerate(crowd.names)]
    columns = {name: crowd.values[:, at] for at, name in enumerate(names)}
    ids = [f"customer-with-a-rather-long-identifier-{at:06d}@a-long-domain.example" for at in range(700)]
    renamed = {str(at): f"{'Customers who come back again and again ' * 2}{at}" for at in range(1, 6)}
    return sg.segment(
        pa.table({"customer": ids, **columns}),
        id="customer",
        name=f"{'a_very_long_file_name_' * 8}.csv",
        effort="quick",
        k=5,
        names=renamed,
    )


def _hostile() -> sg.Result:
    """Attacks as ids, columns, segments, words of a category and the name of the file."""
    rng = np.random.default_rng(0)
    group = np.arange(240) % 3
    columns: dict[str, Any] = {"=cmd|' /C calc'!A0": [f"{NASTY[at % len(NASTY)]}{at}" for at in range(240)]}
    for at, name in enumerate(NASTY[:6]):
        columns[name] = rng.normal(np.array([5.0, 1.0, 9.0])[(group + at) % 3], 0.5)
    columns["@words"] = [NASTY[at % 5] for at in range(240)]
    return sg.segment(
        pa.table(columns),
        id="=cmd|' /C calc'!A0",
        name="=<img src=x onerror=alert(4)>{{7*7}}'\".csv",
        effort="quick",
        k=3,
        names={"1": NASTY[1], "2": NASTY[3], "3": NASTY[0]},
    )


SHOPS: dict[str, Callable[[], sg.Result]] = {
    "first": _shop,
    "one": lambda: _shop(k=1),
    "twelve": lambda: _shop(k=12),
    "long": _long,
    HOSTILE_RUN: _hostile,
}
"""A run folder by its name, and what makes it."""


def make_shops(folder: Path) -> None:
    """Write every run into a folder."""
    for name, make in SHOPS.items():
        make().save(folder / name)
