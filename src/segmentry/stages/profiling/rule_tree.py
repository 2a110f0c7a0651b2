"""A shallow tree, grown on a few hundred cuts a feature: the questions that part the segments best."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Flags, Floats, Ints
from segmentry.records.reasons import Split

MOST_CUTS = 1_024
"""Cuts that are tried of one feature, evenly spaced by rank where it has more different values."""

NO_GAIN = 1e-9
"""Gains that differ by less than this per customer are equal; the first question is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Customers by the cuts of each feature.

    Attributes:
        features: The p names, in the order in which equals are preferred.
        flags: p flags: whether the feature is two-valued.
        values: n x p raw values, NaN where missing.
        codes: n x p positions among all bins: how many cuts of the feature the value lies above; the
            last bin of each feature is for missing values.
        starts: p + 1 first bins of the features.
        thresholds: A threshold for each bin, above it lie the next ones; NaN for a feature's last two.
        whole: p flags: whether all values of the feature are whole numbers.
    """

    features: tuple[str, ...]
    flags: tuple[bool, ...]
    values: Floats
    codes: Ints
    starts: Ints
    thresholds: Floats
    whole: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place in the tree.

    Attributes:
        counts: Customers of each class that came here.
        split: The question asked here; None at an end.
        yes, no: Where the answers lead; None at an end.
        instead: The question that stands in for it where the value is missing; None without one.
        usual: Whether yes stands for who cannot answer that either.
    """

    counts: Ints
    split: Split | None = None
    yes: "Node | None" = None
    no: "Node | None" = None
    instead: Split | None = None
    usual: bool = False

    @property
    def answer(self) -> int:
        """The commonest class."""
        return int(self.counts.argmax())


def cut(features: Sequence[str], flags: Sequence[bool], values: Floats) -> Cuts:
    """The cuts of each feature, between neighbouring values.

    Args:
        features: p names.
        flags: p flags: whether the feature is two-valued.
        values: n x p raw values, NaN where missing.
    """
    codes = np.empty(values.shape, dtype=np.int64)
    starts, thresholds = [0], []
    for j, column in enumerate(values.T):
        found = _thresholds(column)
        inside = np.searchsorted(found, column, side="left")
        codes[:, j] = starts[-1] + np.where(np.isnan(column), len(found) + 1, inside)
        thresholds += [found, np.array([np.nan, np.nan])]
        starts.append(starts[-1] + len(found) + 2)
    return Cuts(
        features=tuple(features),
        flags=tuple(flags),
        values=values,
        codes=codes,
        starts=np.array(starts),
        thresholds=np.concatenate(thresholds),
        whole=tuple(bool((np.isnan(one) | (one == np.floor(one))).all()) for one in values.T),
    )


def _thresholds(column: Floats) -> Floats:
    distinct = np.unique(column[~np.isnan(column)])
    if len(distinct) - 1 > MOST_CUTS:
        known = np.sort(column[~np.isnan(column)])
        at = np.linspace(0, len(known) - 1, MOST_CUTS + 1).round().astype(int)
        distinct = np.unique(known[at])
    return np.asarray(distinct[:-1] + np.diff(distinct) / 2)


def grow(cuts: Cuts, classes: Ints, rows: Ints, *, depth: int, least: int) -> Node:
    """The tree that parts the classes of some customers, by Gini's impurity (Breiman et al. 1984).

    Args:
        cuts: The customers.
        classes: Their n classes from 0.
        rows: Positions of the customers that it is grown on.
        depth: How many questions a customer is asked at most.
        least: Customers that every answer leads on, at least.
    """
    return _grown(cuts, (classes, int(classes.max()) + 1), rows, depth, least)


def _grown(cuts: Cuts, told: tuple[Ints, int], rows: Ints, depth: int, least: int) -> Node:
    classes, many = told
    counts = np.bincount(classes[rows], minlength=many)
    found = _best(cuts, told, rows, least) if depth and (counts > 0).sum() > 1 else None
    if found is None:
        return Node(counts=counts)
    j, split = found
    yes, instead, usual = _answered(cuts, rows, j, split)
    return Node(
        counts=counts,
        split=split,
        yes=_grown(cuts, told, rows[yes], depth - 1, least),
        no=_grown(cuts, told, rows[~yes], depth - 1, least),
        instead=instead,
        usual=usual,
    )


def _best(cuts: Cuts, told: tuple[Ints, int], rows: Ints, least: int) -> tuple[int, Split] | None:
    """The cut after which the classes are purest, over the customers whose value is known."""
    below, above = _sides(cuts, told, rows)
    low, high = below.sum(axis=1), above.sum(axis=1)
    everybody = below + above
    allowed = ~np.isnan(cuts.thresholds) & (low >= least) & (high >= least)
    if not allowed.any():
        return None
    gain = _purity(below, low) + _purity(above, high) - _purity(everybody, low + high)
    gain = np.where(allowed, gain, -np.inf)
    at = int((gain >= gain.max() - NO_GAIN * len(rows)).argmax())
    return (_feature(cuts, at), _split(cuts, at, rows)) if gain[at] > NO_GAIN * len(rows) else None


def _sides(cuts: Cuts, told: tuple[Ints, int], rows: Ints) -> tuple[Floats, Floats]:
    """For each bin, the customers of each class at or below its threshold, and those above."""
    classes, many = told
    cells = cuts.codes[rows] * many + classes[rows][:, None]
    table = np.bincount(cells.ravel(), minlength=len(cuts.thresholds) * many).reshape(-1, many)
    missing = cuts.starts[1:] - 1
    table[missing] = 0
    running = np.vstack([np.zeros((1, many), dtype=np.int64), np.cumsum(table, axis=0)])
    wide = np.diff(cuts.starts)
    first = np.repeat(running[cuts.starts[:-1]], wide, axis=0)
    last = np.repeat(running[cuts.starts[1:]], wide, axis=0)
    return (running[1:] - first).astype(np.float64), (last - running[1:]).astype(np.float64)


def _purity(counts: Floats, total: Floats) -> Floats:
    return np.asarray((counts**2).sum(axis=1) / np.maximum(total, 1))


def _feature(cuts: Cuts, at: int) -> int:
    return int(np.searchsorted(cuts.starts, at, side="right")) - 1


def _split(cuts: Cuts, at: int, rows: Ints, *, turned: bool = False) -> Split:
    """The cut in the middle of the room that these customers leave there, whole where all values are."""
    j = _feature(cuts, at)
    own = cuts.values[rows, j]
    below = own <= cuts.thresholds[at]
    low = np.max(own, where=below, initial=-np.inf)
    high = np.min(own, where=own > cuts.thresholds[at], initial=np.inf)
    middle = float(low + (high - low) / 2)
    return Split(
        feature=cuts.features[j],
        flag=cuts.flags[j],
        threshold=float(np.floor(middle)) if cuts.whole[j] and not cuts.flags[j] else middle,
        turned=turned,
    )


def _answered(cuts: Cuts, rows: Ints, j: int, split: Split) -> tuple[Flags, Split | None, bool]:
    """Who says yes, the question that stands in for a missing answer, and what is usual."""
    own = cuts.values[rows, j]
    unknown = np.isnan(own)
    yes = split.says_yes(own)
    usual = bool(2 * int(yes.sum()) > int((~unknown).sum()))
    if not unknown.any():
        return yes, None, usual
    found = _surrogate(cuts, rows[~unknown], j, yes[~unknown])
    if found is not None:
        at, instead = found
        other = cuts.values[rows, at]
        yes = np.where(unknown, instead.says_yes(other), yes)
        unknown &= np.isnan(other)
    return np.where(unknown, usual, yes), None if found is None else found[1], usual


def _surrogate(cuts: Cuts, rows: Ints, j: int, yes: Flags) -> tuple[int, Split] | None:
    """The cut of another feature that answers most like this one, if it does better than a guess."""
    told = np.zeros(len(cuts.values), dtype=np.int64)
    told[rows] = yes
    below, above = _sides(cuts, (told, 2), rows)
    agree = np.stack([below[:, 0] + above[:, 1], below[:, 1] + above[:, 0]])
    guess = np.maximum(below[:, 0] + above[:, 0], below[:, 1] + above[:, 1])
    better = agree - guess
    better[:, np.isnan(cuts.thresholds)] = 0
    better[:, cuts.starts[j] : cuts.starts[j + 1]] = 0
    turned, at = np.unravel_index(int(better.argmax()), better.shape)
    if better[turned, at] <= 0:
        return None
    return _feature(cuts, int(at)), _split(cuts, int(at), rows, turned=bool(turned))


def pruned(node: Node, depth: int) -> Node:
    """The tree with a limited number of questions, answers that lead to the same end put together."""
    if node.split is None or node.yes is None or node.no is None or depth == 0:
        return Node(counts=node.counts)
    yes, no = pruned(node.yes, depth - 1), pruned(node.no, depth - 1)
    if yes.split is None and no.split is None and yes.answer == no.answer:
        return Node(counts=node.counts)
    return Node(counts=node.counts, split=node.split, yes=yes, no=no, instead=node.instead, usual=node.usual)
