"""Hundreds of made-up customer tables whose groups, or lack of groups, are known.

``plan`` lists the sets, ``tune`` moves the groups of one until it is as hard as its stratum says,
``make`` draws it. How hard a set is, is measured without the product (K-means and Gaussian mixtures
told the true k), before the product has seen it; none is removed afterwards.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from crowd_shapes import STRUCTURED, STRUCTURELESS, UNEQUAL, Floats, Groups, Ints, pure_noise
from numpy.random import Generator
from threadpoolctl import threadpool_limits

GENERATOR = 1
"""Raised when the same plan would draw other numbers."""

NO_GROUPS, NOISE = "no groups", "noise features"
BANDS = {".6-.8": (0.6, 0.8), ".8-.95": (0.8, 0.95), ".95-1": (0.95, 1.0)}
"""The strata of difficulty: the ARI that K-means or a Gaussian mixture reaches at the true k."""

CUSTOMERS = (200, 500, 1000, 2000, 500, 1000, 200, 2000, 500, 1000, 5000, 500, 1000, 200, 2000, 20000)
FEATURES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
BESIDE_NOISE = (2, 3, 4, 5, 6)
SEGMENTS = (2, 3, 4, 5, 6)
EACH_WITHOUT, EACH_WITH, EACH_NOISY = 20, 12, 4
"""Sets of one shape: without groups, of each band, and of each upper band beside noise."""

SMALLEST, SMALLEST_SHARE = 25, 0.05
MEASURED_ON, STEPS, ATTEMPTS = 5_000, 12, 30
NEAREST, FURTHEST = 0.6, 12.0
MOST_ALIKE, MOST_TIED = 0.93, 0.2
SKEWED = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdSpec:
    """One set of the plan.

    Attributes:
        name: What it is called, unique in the plan.
        seed: Of everything that is drawn for it.
        stratum: "no groups", a band of difficulty, or "noise features".
        band: The lowest and the highest ARI that makes it as hard as it should be; (0, 0) without groups.
        shape: A name of STRUCTURELESS or STRUCTURED.
        n: Customers.
        p: Features, noise included.
        noise: Features that know nothing of the groups.
        k: True groups; 1 without.
        half: "calibrate" or "report".
    """

    name: str
    seed: int
    stratum: str
    band: tuple[float, float]
    shape: str
    n: int
    p: int
    noise: int
    k: int
    half: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How far apart the groups of one set must lie.

    Attributes:
        attempt: Which draw of the set it is, from 0.
        distance: Between the two nearest centres, in standard deviations within.
        ari: The ARI reached at the true k; where it need only be high enough, the first that was.
    """

    attempt: int = 0
    distance: float = 0.0
    ari: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """One set: the table that a shop would have, and the truth.

    Attributes:
        table: ``customer_id`` and the features ``measure_01``, ``measure_02``, ...
        labels: n true group numbers from 0.
    """

    table: pa.Table
    labels: Ints


class UntunableError(Exception):
    """No draw of a set is as hard as its stratum says."""


@cache
def plan() -> tuple[CrowdSpec, ...]:
    """Every set, always the same: 320 without groups, 360 with, 80 beside noise features."""
    cells = [
        *((NO_GROUPS, (0.0, 0.0), shape) for shape in STRUCTURELESS for _ in range(EACH_WITHOUT // 2)),
        *(
            (name, band, shape)
            for name, band in BANDS.items()
            for shape in STRUCTURED
            for _ in range(EACH_WITH // 2)
        ),
        *(
            (NOISE, band, shape)
            for band in list(BANDS.values())[1:]
            for shape in STRUCTURED
            for _ in range(EACH_NOISY // 2)
        ),
    ]
    dice = np.random.default_rng(GENERATOR)
    strata = {name: [cell for cell in cells if cell[0] == name] for name in (NO_GROUPS, *BANDS, NOISE)}
    return tuple(spec for several in strata.values() for spec in _dealt(several, dice))


def _dealt(cells: list[tuple[str, tuple[float, float], str]], dice: Generator) -> Iterator[CrowdSpec]:
    """Two sets for each cell, one for each half: alike in all but the features and the dice."""
    sizes, ks = _deck(CUSTOMERS, len(cells), dice), _deck(SEGMENTS, len(cells), dice)
    noisy = cells[0][0] == NOISE
    features = _deck(BESIDE_NOISE if noisy else FEATURES, 2 * len(cells), dice)
    for index, (stratum, band, shape) in enumerate(cells):
        for side, half in enumerate(("calibrate", "report")):
            number = 2 * index + side
            real = features[number]
            noise = real * (1 + index % 2) if noisy else 0
            yield CrowdSpec(
                name=f"{stratum} {number:03d}",
                seed=int(dice.integers(2**31)),
                stratum=stratum,
                band=band,
                shape=shape,
                n=sizes[index],
                p=real + noise,
                noise=noise,
                k=1 if stratum == NO_GROUPS else ks[index],
                half=half,
            )


def _deck(cards: tuple[int, ...], count: int, dice: Generator) -> list[int]:
    """The cards as often as needed, shuffled lap by lap."""
    laps = -(-count // len(cards))
    return [int(card) for _ in range(laps) for card in dice.permutation(cards)][:count]


def make(spec: CrowdSpec, tuning: Tuning | None = None) -> Crowd:
    """Draw one set.

    Args:
        spec: Which.
        tuning: How far apart its groups lie; worked out when not given, which takes a second.
    """
    values, labels = drawn(spec, tuning or tune(spec))
    return Crowd(table=as_table(values), labels=labels)


def drawn(spec: CrowdSpec, tuning: Tuning) -> tuple[Floats, Ints]:
    """The n x p values, and the n true groups."""
    if spec.k == 1:
        dice = np.random.default_rng([spec.seed, tuning.attempt])
        return STRUCTURELESS[spec.shape](dice, spec.n, spec.p), np.zeros(spec.n, dtype=np.int64)
    values, labels = grouped(spec, tuning)
    if spec.noise:
        beside = np.random.default_rng([spec.seed, tuning.attempt, 1])
        values = np.column_stack([values, pure_noise(beside, spec.n, spec.noise)])
        values = values[:, beside.permutation(spec.p)]
    return values, labels


def as_table(values: Floats) -> pa.Table:
    """The values as a customer table; whole numbers are written as such."""
    width = len(str(len(values)))
    ids = pa.array([f"C{number:0{width}d}" for number in range(1, len(values) + 1)])
    columns = [pa.array(one.astype(np.int64) if (one == np.round(one)).all() else one) for one in values.T]
    return pa.table(
        {"customer_id": ids, **{f"measure_{j:02d}": column for j, column in enumerate(columns, 1)}}
    )


def grouped(spec: CrowdSpec, tuning: Tuning) -> tuple[Floats, Ints]:
    """The n x p values without noise features, and the n true groups.

    The same dice are thrown whatever the distance.
    """
    dice = np.random.default_rng([spec.seed, tuning.attempt])
    labels = dice.permutation(np.repeat(np.arange(spec.k), _sizes(spec, dice)))
    groups = Groups(labels=labels, centres=_centres(spec.k, spec.p - spec.noise, dice) * tuning.distance)
    return STRUCTURED[spec.shape](groups, dice), labels


def _sizes(spec: CrowdSpec, dice: Generator) -> Ints:
    """Customers of each group, the smallest with 25 at least: a smaller one could not be run as a segment."""
    if spec.shape in UNEQUAL:
        least = max(SMALLEST_SHARE, SMALLEST / spec.n)
        shares = (
            np.concatenate([[0.0], dice.dirichlet(np.full(spec.k - 1, 2.0))]) * (1 - least * spec.k) + least
        )
    else:
        shares = dice.uniform(0.75, 1.5, spec.k)
    sizes = np.maximum(
        np.floor(shares / shares.sum() * spec.n).astype(np.int64), min(SMALLEST, spec.n // spec.k)
    )
    sizes[np.argmax(sizes)] += spec.n - sizes.sum()
    return np.asarray(sizes)


def _centres(k: int, p: int, dice: Generator) -> Floats:
    """Centres of k groups in p features that differ in weight, the nearest two 1 apart.

    Of 20 throws the one whose nearest two are the least close for their mean distance, so that a
    set of k groups is one of k, not of k - 1 with two of them on top of each other.
    """
    throws = dice.normal(size=(20, k, p)) * dice.uniform(0.3, 1.5, p)
    nearest, mean = np.array([_distances(throw) for throw in throws]).T
    best = int(np.argmax(nearest / mean))
    return np.asarray(throws[best] / nearest[best])


def _distances(centres: Floats) -> tuple[float, float]:
    """The distance of the nearest two, and the mean distance."""
    first, second = np.triu_indices(len(centres), 1)
    apart = np.linalg.norm(centres[first] - centres[second], axis=1)
    return float(apart.min()), float(apart.mean())


def tune(spec: CrowdSpec) -> Tuning:
    """Move the groups until K-means or a Gaussian mixture, told k, is right as often as the band says.

    Raises:
        UntunableError: when no draw of the set gets there.
    """
    with threadpool_limits(limits=1):
        for attempt in range(ATTEMPTS):
            found = _bisected(spec, attempt) if spec.k > 1 else Tuning(attempt=attempt)
            if found is not None and usable(drawn(spec, found)[0]):
                return found
    raise UntunableError(f"'{spec.name}' ({spec.shape}) does not reach an ARI of {spec.band}.")


def _bisected(spec: CrowdSpec, attempt: int) -> Tuning | None:
    """The first distance of a bisection whose ARI lies in the band; None when there is none."""
    start = np.random.default_rng([spec.seed, attempt, 2]).uniform(0.75, 1.35)
    near, far = NEAREST * start, FURTHEST * start
    low, high = spec.band
    for _ in range(STEPS):
        tuning = Tuning(attempt=attempt, distance=round(float(np.sqrt(near * far)), 4))
        values, labels = grouped(spec, tuning)
        ari = reached(values, labels, low=low, high=high)
        if low <= ari and (ari < high or high == 1):
            return Tuning(attempt=attempt, distance=tuning.distance, ari=round(ari, 4))
        near, far = (tuning.distance, far) if ari < low else (near, tuning.distance)
    return None


def usable(values: Floats) -> bool:
    """Whether no two features say the same and no value is that of a fifth of the customers (METHOD 2.2)."""
    ranks = np.argsort(np.argsort(values, axis=0), axis=0)
    alike = np.abs(np.corrcoef(ranks.T)) - np.eye(values.shape[1])
    tied = max(np.unique(one, return_counts=True)[1].max() for one in values.T) / len(values)
    return bool(alike.max() < MOST_ALIKE and tied < MOST_TIED)


def reached(values: Floats, labels: Ints, *, low: float, high: float) -> float:
    """The highest ARI that K-means or a Gaussian mixture, told k, reaches on the standardised values.

    On at most 5,000 customers, with skewed features as they are and as logarithms. It stops at the
    first that settles which side of the band the set is on.
    """
    from sklearn.metrics import adjusted_rand_score

    values, labels = values[:MEASURED_ON], labels[:MEASURED_ON]
    enough = low if high == 1 else high
    best = 0.0
    for guess in _guesses(values, int(labels.max()) + 1):
        best = max(best, float(adjusted_rand_score(labels, guess)))
        if best >= enough:
            break
    return best


def _guesses(values: Floats, k: int) -> Iterator[Ints]:
    """What each algorithm says, the quickest first."""
    from sklearn.cluster import KMeans

    prepared = _preparations(values)
    for points in prepared:
        yield KMeans(k, n_init=10, random_state=0).fit_predict(points)
    for points in prepared:
        n, p = points.shape
        yield _mixture(points, k, "diag")
        if n > k * p * (p + 3) / 2:
            yield _mixture(points, k, "full")


def _mixture(points: Floats, k: int, covariance: str) -> Ints:
    """Groups of a Gaussian mixture; one that has not settled is as good a guess as it is."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = GaussianMixture(k, covariance_type=covariance, n_init=3, reg_covar=1e-4, random_state=0)
        return np.asarray(fit.fit_predict(points))


def _preparations(values: Floats) -> list[Floats]:
    """Standardised as they are and, where a feature is skewed and not negative, after log(1 + x)."""
    from scipy.stats import skew

    tailed = (skew(values, axis=0) > SKEWED) & (values.min(axis=0) >= 0)
    logged = np.where(tailed, np.log1p(np.maximum(values, 0)), values)
    return [
        (one - one.mean(axis=0)) / one.std(axis=0)
        for one in ((logged, values) if tailed.any() else (values,))
    ]
