"""Customer tables of other kinds than those that the rule's constants were set on: open ones, and a sealed half.

The seeds of the sealed half are drawn from the release's version: nobody can tune on them before it is out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zlib import crc32

import numpy as np
from crowd_shapes import Floats, Ints
from numpy.random import Generator

CUSTOMERS = (300, 500, 800, 1_000)
EACH = 10
"""Tables of one kind in each half."""

FAR = 7.0
"""Standard deviations between the nearest two groups that are meant to be islands."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table's values and its customers' true groups."""

    values: Floats
    labels: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of table.

    Attributes:
        make: From dice, customers and groups to a table.
        groups: How many groups there may be; 1 is none.
        round: Whether K-means, told the number, could find the groups.
    """

    make: Callable[[Generator, int, int], Drawn]
    groups: tuple[int, ...]
    round: bool = True


def _sizes(dice: Generator, n: int, k: int) -> Ints:
    return np.sort(dice.permutation(np.arange(n) % k))


def _bells(dice: Generator, labels: Ints, p: int, apart: float) -> Floats:
    """Bells whose nearest two centres lie so many standard deviations apart."""
    k = int(labels.max()) + 1
    throws = [dice.standard_normal((k, p)) for _ in range(30)]
    centres = max(throws, key=_evenness)
    nearest = _gaps(centres).min()
    return np.asarray(centres[labels] * apart / nearest + dice.standard_normal((len(labels), p)))


def _gaps(centres: Floats) -> Floats:
    first, second = np.triu_indices(len(centres), 1)
    return np.asarray(np.linalg.norm(centres[first] - centres[second], axis=1))


def _evenness(centres: Floats) -> float:
    gaps = _gaps(centres)
    return float(gaps.min() / gaps.mean())


def far(dice: Generator, n: int, k: int) -> Drawn:
    """Round islands."""
    labels = _sizes(dice, n, k)
    return Drawn(_bells(dice, labels, int(dice.integers(2, 6)), FAR), labels)


def touching(dice: Generator, n: int, k: int) -> Drawn:
    """Round groups that shade into each other."""
    labels = _sizes(dice, n, k)
    return Drawn(_bells(dice, labels, int(dice.integers(2, 6)), dice.uniform(3.2, 4.5)), labels)


def crescents(dice: Generator, n: int, k: int) -> Drawn:
    """Two half moons that reach into each other."""
    labels = _sizes(dice, n, k)
    turn = dice.uniform(0, np.pi, n)
    values = np.stack([np.cos(turn) + labels, np.sin(turn) * (1 - 2 * labels) + 0.35 * labels], axis=1)
    return Drawn(values + dice.normal(0, 0.09, (n, 2)), labels)


def rings(dice: Generator, n: int, k: int) -> Drawn:
    """Two interlocked rings in three features."""
    labels = _sizes(dice, n, k)
    turn, none = dice.uniform(0, 2 * np.pi, n), np.zeros(n)
    first = np.stack([np.cos(turn), np.sin(turn), none], axis=1)
    second = np.stack([1 + np.cos(turn), none, np.sin(turn)], axis=1)
    return Drawn(np.where(labels[:, None] == 0, first, second) + dice.normal(0, 0.08, (n, 3)), labels)


def nested(dice: Generator, n: int, k: int) -> Drawn:
    """A ball inside a ring."""
    labels = _sizes(dice, n, k)
    turn = dice.uniform(0, 2 * np.pi, n)
    ring = 4 * np.stack([np.cos(turn), np.sin(turn)], axis=1) + dice.normal(0, 0.3, (n, 2))
    return Drawn(np.where(labels[:, None] == 0, dice.normal(0, 0.6, (n, 2)), ring), labels)


def bars(dice: Generator, n: int, k: int) -> Drawn:
    """Slanted parallel bars, much longer than they are apart."""
    labels = _sizes(dice, n, k)
    along, across = dice.uniform(0, 6, n), labels + dice.normal(0, 0.1, n)
    return Drawn(np.stack([along + across, along - across], axis=1), labels)


def unequal(dice: Generator, n: int, k: int) -> Drawn:
    """Islands that differ in size and spread."""
    shares = np.array([8.0, *([1.0] * (k - 1))])
    labels = np.sort(dice.choice(k, n, p=shares / shares.sum()))
    spreads = dice.uniform(0.4, 1.0, k)
    values = _bells(dice, labels, 3, 0.0) * spreads[labels][:, None]
    return Drawn(values + _corners(dice, k, 3)[labels] * FAR, labels)


def _corners(dice: Generator, k: int, p: int) -> Floats:
    """Different corners of a cube."""
    corners = dice.permutation(2**p)[:k]
    return np.asarray([[corner >> j & 1 for j in range(p)] for corner in corners], dtype=np.float64)


def lumpy(dice: Generator, n: int, k: int) -> Drawn:
    """Islands that are made of lumps."""
    labels = _sizes(dice, n, k)
    lumps = dice.normal(0, 1.2, (k, 3, 3))[labels, dice.integers(0, 3, n)]
    values = lumps + dice.normal(0, 0.9, (n, 3)) + _corners(dice, k, 3)[labels] * 11
    return Drawn(values, labels)


def tied(dice: Generator, n: int, k: int) -> Drawn:
    """Answers from 1 to 7."""
    labels = _sizes(dice, n, k)
    likes = np.where(_corners(dice, k, 5) > 0, 6.0, 2.0)
    return Drawn(np.clip(np.round(likes[labels] + dice.normal(0, 0.9, (n, 5))), 1, 7), labels)


def noisy(dice: Generator, n: int, k: int) -> Drawn:
    """Islands in five features, and five columns that know nothing of them."""
    labels = _sizes(dice, n, k)
    return Drawn(np.hstack([_bells(dice, labels, 5, 5.0), dice.standard_normal((n, 5))]), labels)


def island(dice: Generator, n: int, _: int) -> Drawn:
    """A bell, and a handful of customers far from everybody."""
    few, p = int(dice.integers(9, 19)), int(dice.integers(2, 6))
    labels = (np.arange(n) >= n - few).astype(np.int64)
    values = dice.standard_normal((n, p))
    values[labels == 1] = 0.4 * values[labels == 1] + 8 / np.sqrt(p) * np.ones(p)
    return Drawn(values, labels)


def _none(values: Floats) -> Drawn:
    return Drawn(values, np.zeros(len(values), dtype=np.int64))


def simplex(dice: Generator, n: int, _: int) -> Drawn:
    """Evenly spread shares of one whole."""
    return _none(dice.dirichlet(np.ones(int(dice.integers(4, 7))), n)[:, :-1])


def scale_mixture(dice: Generator, n: int, _: int) -> Drawn:
    """A bell of which a third is three times as wide."""
    wide = np.where(dice.random(n) < 0.3, 3.0, 1.0)
    return _none(dice.standard_normal((n, int(dice.integers(2, 6)))) * wide[:, None])


def parabola(dice: Generator, n: int, _: int) -> Drawn:
    """One feature depends on the square of another."""
    first = dice.standard_normal(n)
    return _none(np.stack([first, first**2 + dice.normal(0, 0.5, n), dice.standard_normal(n)], axis=1))


def annulus(dice: Generator, n: int, _: int) -> Drawn:
    """One ring."""
    turn = dice.uniform(0, 2 * np.pi, n)
    return _none(np.stack([np.cos(turn), np.sin(turn)], axis=1) + dice.normal(0, 0.12, (n, 2)))


def copied(dice: Generator, n: int, _: int) -> Drawn:
    """Few different customers, each of them several times."""
    some = dice.standard_normal((-(-n // 6), 4))
    return _none(np.repeat(some, 6, axis=0)[:n])


def zeroes(dice: Generator, n: int, _: int) -> Drawn:
    """Counts with an excess of zeroes, each feature on its own."""
    counts = dice.negative_binomial(3, 0.3, (n, 4)).astype(float)
    return _none(np.where(dice.random((n, 4)) < 0.15, 0.0, counts))


SEVERAL, TWO, NONE = (2, 3, 4, 5), (2,), (1,)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "far": Kind(make=far, groups=SEVERAL),
        "touching": Kind(make=touching, groups=SEVERAL),
        "unequal": Kind(make=unequal, groups=(2, 3, 4)),
        "lumpy": Kind(make=lumpy, groups=SEVERAL),
        "tied": Kind(make=tied, groups=SEVERAL),
        "noisy": Kind(make=noisy, groups=(3, 4)),
        "crescents": Kind(make=crescents, groups=TWO, round=False),
        "rings": Kind(make=rings, groups=TWO, round=False),
        "nested": Kind(make=nested, groups=TWO, round=False),
        "bars": Kind(make=bars, groups=(2, 3), round=False),
        "island": Kind(make=island, groups=NONE),
        "simplex": Kind(make=simplex, groups=NONE),
        "scale mixture": Kind(make=scale_mixture, groups=NONE),
        "parabola": Kind(make=parabola, groups=NONE),
        "annulus": Kind(make=annulus, groups=NONE),
        "copied rows": Kind(make=copied, groups=NONE),
        "excess zeroes": Kind(make=zeroes, groups=NONE),
    }
)
"""Every kind by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSpec:
    """One table.

    Attributes:
        kind: A name of KINDS.
        seed: Of everything that is drawn for it.
        n: Customers.
        k: True groups; 1 without.
        half: "open", or the version whose sealed half it is of.
    """

    kind: str
    seed: int
    n: int
    k: int
    half: str


def planned(half: str) -> Iterator[KindSpec]:
    """The tables of one half, kinds mixed: any first part of them has some of all."""
    for number in range(EACH):
        for name, kind in KINDS.items():
            seed = crc32(f"{half}/{name}/{number}".encode())
            yield KindSpec(
                kind=name,
                seed=seed,
                n=CUSTOMERS[number % len(CUSTOMERS)],
                k=kind.groups[seed % len(kind.groups)],
                half=half,
            )


def drawn(spec: KindSpec) -> Drawn:
    """The table."""
    return KINDS[spec.kind].make(np.random.default_rng(spec.seed), spec.n, spec.k)
