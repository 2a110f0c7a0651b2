"""Kneedle's elbow in the inertia: drawn because people look for it, never a vote."""

from collections.abc import Sequence


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """The elbow of a decreasing, convex curve (Satopaa et al. 2011, sensitivity 1).

    Depends on the range of k and can never say 1; METHOD 3.1 says why it has no vote.

    >>> elbow([2, 3, 4, 5, 6], [100, 40, 35, 31, 28])
    3
    >>> elbow([2, 3], [2.0, 1.0]) is None
    True
    """
    if len(ks) < 3:  # noqa: PLR2004 - a bend needs three points
        return None
    from kneed import KneeLocator

    found = KneeLocator(list(ks), list(inertias), S=1.0, curve="convex", direction="decreasing").knee
    return None if found is None else int(found)
