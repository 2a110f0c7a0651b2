"""What the files of a run say of its customers, by NumPy alone: the oracle for what pages show."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from segmentry.stages.scoring.customer_columns import CUSTOMER_COLUMNS

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Mask = NDArray[np.bool_]

OWN = tuple(column.name for column in CUSTOMER_COLUMNS)
"""Columns that are no features; the first column of all is the id."""
MOST_D = 99.0


@dataclass(frozen=True, kw_only=True)
class CustomersFile:
    """The customers of a run, read from customers.parquet and pages.parquet.

    Attributes:
        folder: The run folder.
        k: The number of segments of a preview; 0 for the run's own.
    """

    folder: Path
    k: int = 0

    @cached_property
    def table(self) -> pa.Table:
        """customers.parquet."""
        return pq.read_table(self.folder / "customers.parquet")

    @cached_property
    def pages(self) -> pa.Table:
        """pages.parquet."""
        return pq.read_table(self.folder / "pages.parquet")

    def csv(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file of the run."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The run's own segments in their order."""
        return tuple(row["segment"] for row in self.csv("segments.csv"))

    @cached_property
    def segment(self) -> Wholes:
        """Everybody's segment from 1; 0 for none."""
        if self.k:
            return self.pages[f"k{self.k}"].to_numpy().astype(np.int64)
        own = self.table["segment"].to_pylist()
        return np.array([0 if one is None else self.names.index(one) + 1 for one in own])

    @property
    def numbers(self) -> range:
        """The numbers of the segments."""
        return range(1, 1 + (self.k or len(self.names)))

    @property
    def placed(self) -> Mask:
        """Who is in a segment."""
        return self.segment > 0

    def words(self, column: str) -> NDArray[np.object_]:
        """A column of words; None where there is none."""
        return np.array(self.table[column].to_pylist(), dtype=object)

    def reals(self, column: str) -> Reals:
        """A column of numbers; NaN where there is none."""
        return np.array([np.nan if one is None else float(one) for one in self.table[column].to_pylist()])

    @property
    def id_column(self) -> str:
        """The column of ids."""
        return str(self.table.column_names[0])

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """The ids as text."""
        return np.array([str(one) for one in self.table[self.id_column].to_pylist()], dtype=object)

    @property
    def features(self) -> tuple[str, ...]:
        """The features, as columns."""
        return tuple(one for one in self.table.column_names[1:] if one not in OWN)

    def feature(self, label: str) -> str:
        """The feature that a page calls so."""
        return next(one for one in self.features if one.replace("_", " ") == label)

    def is_flag(self, feature: str) -> bool:
        """Whether it only says yes or no."""
        known = self.reals(feature)
        return set(known[~np.isnan(known)]) <= {0.0, 1.0}

    @cached_property
    def value(self) -> Reals:
        """What everybody is worth."""
        return self.reals("value")

    @property
    def has_value(self) -> bool:
        """Whether the run knows what customers are worth."""
        return "value" in self.table.column_names

    def of(self, segment: int) -> Mask:
        """Who is in a segment."""
        return self.segment == segment

    def worth(self, who: Mask) -> float:
        """The summed value of some customers."""
        return float(np.nansum(self.value[who]))

    def known(self, feature: str, who: Mask | None = None) -> Reals:
        """The values of a feature that are known."""
        found = self.reals(feature)
        found = found if who is None else found[who]
        return found[~np.isnan(found)]

    def mean(self, feature: str, who: Mask | None = None) -> float:
        """The mean of a feature; NaN for nobody."""
        found = self.known(feature, who)
        return float(found.mean()) if len(found) else np.nan

    def quartile(self, feature: str, part: float, who: Mask | None = None) -> float:
        """A quantile of a feature; NaN for nobody."""
        found = self.known(feature, who)
        return float(np.quantile(found, part)) if len(found) else np.nan

    def sd(self, feature: str) -> float:
        """Everybody's standard deviation (by n)."""
        return float(self.known(feature).std())

    def eta_squared(self, feature: str) -> float:
        """The share of a feature's variance that lies between the segments."""
        groups = [self.known(feature, self.of(one)) for one in self.numbers]
        everybody = np.concatenate(groups)
        within = sum(float(((one - one.mean()) ** 2).sum()) for one in groups if len(one))
        return 1 - within / float(((everybody - everybody.mean()) ** 2).sum())

    def cohens_d(self, feature: str, segment: int) -> float:
        """A segment against all others that are in one, in pooled standard deviations."""
        own, rest = (self.known(feature, who) for who in (self.of(segment), self.placed & ~self.of(segment)))
        if min(len(own), len(rest)) < 2:
            return 0.0
        squares = float(((own - own.mean()) ** 2).sum() + ((rest - rest.mean()) ** 2).sum())
        pooled = np.sqrt(squares / (len(own) + len(rest) - 2))
        apart = float(own.mean() - rest.mean())
        return float(np.clip(apart / pooled, -MOST_D, MOST_D)) if pooled else float(np.sign(apart)) * MOST_D

    def index(self, feature: str, segment: int) -> float:
        """A segment's mean where that of all customers is 100; NaN where shares of the mean mean nothing."""
        own, everybody = self.mean(feature, self.of(segment)), self.mean(feature)
        ratio = self.known(feature).min() >= 0 and everybody > 0.1 * self.sd(feature)
        return 100 * own / everybody if ratio else np.nan

    def marks(self, feature: str, segment: int) -> bool:
        """Whether a feature marks a segment (METHOD 6.1)."""
        own, everybody = self.mean(feature, self.of(segment)), self.mean(feature)
        away = abs(own - everybody)
        far = away >= 0.25 * (self.quartile(feature, 0.95) - self.quartile(feature, 0.05))
        much = not np.isnan(self.index(feature, segment)) and away >= 0.5 * everybody
        return bool((far or much) and abs(self.cohens_d(feature, segment)) >= 0.5)

    @cached_property
    def plane(self) -> tuple[Reals, Reals]:
        """Where everybody is on the map."""
        x, y = (np.array(self.pages[one].to_pylist(), dtype=np.float64) for one in "xy")
        return x, y

    def chosen(self, **asked: object) -> Mask:
        """Who is meant by the parameters of an address: segment, confidence, q, x0, x1, y0, y1."""
        who = np.ones(len(self.ids), dtype=bool)
        if "segment" in asked:
            who &= np.isin(self.segment, asked["segment"])
        if "confidence" in asked:
            who &= np.isin(self.words("confidence_level"), asked["confidence"])
        if "q" in asked:
            who &= np.array([one.startswith(str(asked["q"])) for one in self.ids])
        for axis, values in zip("xy", self.plane, strict=True):
            if f"{axis}0" in asked or f"{axis}1" in asked:
                who &= ~np.isnan(self.plane[0])
            who &= ~(values < float(str(asked.get(f"{axis}0", -np.inf))))
            who &= ~(values > float(str(asked.get(f"{axis}1", np.inf))))
        return who

    def by_segment(self, who: Mask) -> Iterator[tuple[int, Mask]]:
        """The segments that some customers are in, each with those; in none comes last."""
        for one in (*self.numbers, 0):
            if (who & self.of(one)).any():
                yield one, who & self.of(one)
