"""Run folders as awkward as shops can make them: one segment, twelve, 25 very long names, hostile names."""

import fcntl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from support.crowds import make_crowd

import segmentry as sg

HOSTILE_RUN = "<img src=x onerror=alert(6)>{{7*7}}"
HOSTILE_NEXT = "'\"><svg onload=alert(7)>"
LATER = "later"
CUSTOMERS, SECOND = 1_000_000, 200_000
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


def later_customers() -> pa.Table:
    """The same shop at another time: 150 customers gone, 60 others there, and every seventh behaves as another did."""
    table = sg.datasets.ecommerce(999).customers.slice(0, 849).to_pydict()
    ids = table.pop("customer_id")
    swapped = {
        name: [column[at + 1 if at % 7 == 0 else at] for at in range(len(ids))]
        for name, column in table.items()
    }
    return pa.table({**swapped, "customer_id": [*(f"N{at:05d}" for at in range(60)), *ids[60:]]})


def _later() -> sg.Result:
    return sg.segment(later_customers(), name="shop.csv", effort="quick")


def _long() -> sg.Result:
    """25 features whose names are sentences, some of one word without a place to break."""
    crowd = make_crowd(5, 25, 400, names="long")
    names = [name.replace(" ", "_") if at % 3 == 0 else name for at, name in enumerate(crowd.names)]
    columns = {name: crowd.values[:, at] for at, name in enumerate(names)}
    ids = [f"customer-with-a-rather-long-identifier-{at:06d}@a-long-domain.example" for at in range(400)]
    renamed = {str(at): f"{'Customers who come back again and again ' * 2}{at}" for at in range(1, 6)}
    return sg.segment(
        pa.table({"customer": ids, **columns}),
        id="customer",
        name=f"{'a_very_long_file_name_' * 8}.csv",
        effort="quick",
        k=5,
        names=renamed,
    )


def _hostile(seed: int = 0) -> sg.Result:
    """Attacks as ids, columns, segments, words of a category and the name of the file; with a seed some moved."""
    rng = np.random.default_rng(seed)
    group = (np.arange(240) + seed * (np.arange(240) % 5 == 0)) % 3
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


Makers = Mapping[str, Callable[[], sg.Result]]

SHOPS: Makers = {
    "first": _shop,
    "one": lambda: _shop(k=1),
    "twelve": lambda: _shop(k=12),
    "long": _long,
    HOSTILE_RUN: _hostile,
    HOSTILE_NEXT: lambda: _hostile(1),
    LATER: _later,
}
"""A run folder by its name, and what makes it."""


def _crowd(n: int, seed: int) -> sg.Result:
    """The first customers of a million."""
    customers = sg.datasets.ecommerce(CUSTOMERS, seed=seed).customers.slice(0, n)
    return sg.segment(customers, name="shop.csv", effort="quick")


CROWDS: Makers = {"million": lambda: _crowd(CUSTOMERS, 0), "second": lambda: _crowd(SECOND, 1)}
"""A million customers, and a fifth of their ids in a second run."""


def made_once(folder: Path, makers: Makers) -> Path:
    """The folder with every run in it; whoever comes first makes them, and others wait for that."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, make in makers.items():
            if not (folder / name).is_dir():  # a run folder appears only when it is whole
                make().save(folder / name)
    return folder
