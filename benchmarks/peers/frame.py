"""What the two peers of the dashboard read: one run, with its customers as a narrow table in memory.

``prepare`` writes that table before anything is timed: segments and confidence levels as small numbers,
32-bit measures, and the pixel of every customer on the map. The peers load it once, keep it, and answer
a filter by a mask and counts over it, which is the fastest that pandas and NumPy do.
"""

import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

WIDE, HIGH = 240, 150
"""Pixels of the map: what the run's own map has."""
LEVELS = ("high", "medium", "low")
PALETTE = ("#2370bd", "#cd7c20", "#02a671", "#652794", "#b93f81", "#5f6b0e", "#a57ef3", "#7e302a")
FILE = "peers.parquet"


@dataclass(frozen=True)
class Selection:
    """The customers of a choice.

    Attributes:
        customers: How many.
        mix: One row for each segment: customers, share and value.
        means: One row for each feature: the mean of the choice and of all customers.
        picture: The map as PNG.
    """

    customers: int
    mix: pd.DataFrame
    means: pd.DataFrame
    picture: bytes


class Peers:
    """A run as the peers see it."""

    def __init__(self, run: Path, prepared: Path) -> None:
        """Look at a run folder and at the folder that ``prepare`` wrote for it."""
        self.prepared = prepared
        self.segments = pd.read_csv(run / "segments.csv")
        profiles = pd.read_csv(run / "profiles.csv")
        self.names = list(self.segments["segment"])
        self.features = list(dict.fromkeys(profiles["feature"]))
        self.profile = profiles.pivot_table(index="segment", columns="feature", values="mean").loc[self.names]
        self.everyone = profiles.drop_duplicates("feature").set_index("feature")["population_mean"]
        self.manifest = json.loads((run / "run.json").read_text(encoding="utf-8"))

    @property
    def headline(self) -> str:
        """The finding."""
        first = self.segments.iloc[0]
        return f"{first['segment']} are {first['share']:.0%} of customers and {first['value_share']:.0%} of value"

    @property
    def table(self) -> pd.DataFrame:
        """The segment table, as text."""
        rows = self.segments
        columns = {
            "Segment": rows["segment"],
            "Customers": rows["customers"].map("{:,}".format),
            "Share": rows["share"].map("{:.0%}".format),
            "Value": rows["value"].map("{:,.0f}".format),
            "Value each": rows["value_per_customer"].map("{:,.0f}".format),
        }
        means = {feature: self.profile[feature].map("{:,.1f}".format).to_numpy() for feature in self.features}
        return pd.DataFrame(columns | means)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All customers; loaded when it is first asked for."""
        return pd.read_parquet(self.prepared / FILE)

    def chosen(self, segment: int | None, level: int | None) -> Selection:
        """The customers of a segment and a confidence level; None for all of them."""
        frame = self.frame
        if segment is not None:
            frame = frame[frame["segment"] == segment]
        if level is not None:
            frame = frame[frame["level"] == level]
        by = (
            frame.groupby("segment")["value"]
            .agg(["size", "sum"])
            .reindex(range(len(self.names)), fill_value=0)
        )
        mix = pd.DataFrame(
            {
                "Segment": self.names,
                "Customers": by["size"].map("{:,}".format).to_numpy(),
                "Share": (by["size"] / max(len(frame), 1)).map("{:.0%}".format).to_numpy(),
                "Value": by["sum"].map("{:,.0f}".format).to_numpy(),
            }
        )
        means = pd.DataFrame(
            {
                "Measure": self.features,
                "Selection": frame[self.features].mean().map("{:,.2f}".format).to_numpy(),
                "All customers": self.everyone[self.features].map("{:,.2f}".format).to_numpy(),
            }
        )
        return Selection(len(frame), mix, means, self._picture(frame))

    def _picture(self, frame: pd.DataFrame) -> bytes:
        """The density: a pixel takes the colour of its commonest segment, opacity by log density."""
        cells = WIDE * HIGH
        at = frame["segment"].to_numpy(np.int32) * cells + frame["pixel"].to_numpy()
        counts = np.bincount(at, minlength=cells * len(self.names)).reshape(len(self.names), HIGH, WIDE)
        total, commonest = counts.sum(axis=0), counts.argmax(axis=0)
        colours = np.array(
            [[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in PALETTE], dtype=np.uint8
        )
        depth = np.log1p(total) / max(np.log1p(total.max()), 1e-9)
        alpha = np.where(total > 0, 40 + 215 * depth, 0).astype(np.uint8)
        image = Image.fromarray(np.dstack([colours[commonest % len(PALETTE)], alpha]), "RGBA")
        file = io.BytesIO()
        image.save(file, "PNG")
        return file.getvalue()


def prepare(run: Path, prepared: Path) -> None:
    """Write the narrow table of a run, once."""
    if (prepared / FILE).is_file():
        return
    prepared.mkdir(parents=True, exist_ok=True)
    peers = Peers(run, prepared)
    columns = ["segment", "confidence_level", "value", *peers.features]
    full = pd.read_parquet(run / "customers.parquet", columns=columns)
    full = full[full["segment"].notna()]
    frame = full[["value", *peers.features]].astype(dict.fromkeys(peers.features, np.float32))
    frame["segment"] = pd.Categorical(full["segment"], peers.names).codes
    frame["level"] = pd.Categorical(full["confidence_level"], LEVELS).codes
    frame["pixel"] = _pixels(full[peers.features].to_numpy())
    frame.to_parquet(prepared / FILE, index=False)


def _pixels(values: NDArray[np.float64]) -> NDArray[np.int32]:
    """Where each customer is on the plane of two principal components, gaps filled by the median."""
    filled = np.where(np.isnan(values), np.nanmedian(values, axis=0), values)
    scaled = (filled - filled.mean(axis=0)) / filled.std(axis=0)
    _, vectors = np.linalg.eigh(np.cov(scaled, rowvar=False))
    plane = scaled @ vectors[:, ::-1][:, :2]
    low, high = plane.min(axis=0), plane.max(axis=0)
    column, row = ((plane - low) / (high - low) * [WIDE - 1, HIGH - 1]).astype(np.int32).T
    return (HIGH - 1 - row) * WIDE + column
