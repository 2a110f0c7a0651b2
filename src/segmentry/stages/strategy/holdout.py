"""Who is left out of everything, who is a control and who is treated: by a salted hash, for good (METHOD 8.4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import UsageError
from segmentry.records.arrays import Ints, frozen_ints
from segmentry.records.strategy import MISMATCH

BUCKETS = 10_000
"""Parts that customers are hashed into: shares can be set to a hundredth of a per cent."""


class Arm(StrEnum):
    """What happens to a customer in a campaign."""

    HOLDOUT = "holdout"
    CONTROL = "control"
    TREATED = "treated"


ARMS = tuple(Arm)


def bucket(customer_id: str, salt: str) -> int:
    """A customer's bucket from 0 to 9999, the same on every machine and in every run.

    ``int(sha256(salt|customer_id)[:8], 16) % 10000`` over the UTF-8 bytes (METHOD 8.4).

    >>> bucket("C00001", "shop"), bucket("C00001", "shop"), bucket("C00001", "other")
    (5817, 5817, 945)
    """
    return int(sha256(f"{salt}|{customer_id}".encode()).hexdigest()[:8], 16) % BUCKETS


def buckets(customer_ids: Iterable[str], salt: str) -> Ints:
    """The n buckets of n customers."""
    return frozen_ints([bucket(one, salt) for one in customer_ids])


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutSplit:
    """How a campaign divides its customers.

    Attributes:
        salt: What the shop's hash begins with; another salt gives another division.
        campaign: The campaign's own name, so that no two campaigns have the same control group.
        holdout: The share that is left out of every campaign (the global hold-out), in [0, 1).
        control: The share of the others that is this campaign's control group, in [0, 1].

    Raises:
        UsageError: when a share is outside its range.

    >>> [str(arm) for arm in HoldoutSplit(salt="shop", campaign="spring", holdout=0.1, control=0.5)(["a", "b", "c"])]
    ['treated', 'holdout', 'control']
    """

    salt: str
    campaign: str
    holdout: float = 0.05
    control: float = 0.5

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        for name, share in (("hold-out", self.holdout), ("control", self.control)):
            if not 0 <= share <= 1 or (name == "hold-out" and share == 1):
                raise UsageError(
                    f"The {name} share cannot be {share}.", hint="Give a share from 0 to 1, such as 0.1."
                )

    def __call__(self, customer_ids: Sequence[str]) -> tuple[Arm, ...]:
        """The arm of each customer.

        The hold-out is drawn by the salt alone and so is the same in every campaign; the control
        group by salt and campaign, independently of it.
        """
        out = held_out(customer_ids, salt=self.salt, share=self.holdout)
        control = buckets(customer_ids, f"{self.salt}|{self.campaign}") < round(self.control * BUCKETS)
        return tuple(
            Arm.HOLDOUT if left else Arm.CONTROL if compared else Arm.TREATED
            for left, compared in zip(out.tolist(), control.tolist(), strict=True)
        )


def held_out(customer_ids: Iterable[str], *, salt: str, share: float) -> NDArray[np.bool_]:
    """Which of n customers are in the global hold-out: those in the lowest buckets."""
    inside: NDArray[np.bool_] = buckets(customer_ids, salt) < round(share * BUCKETS)
    return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioCheck:
    """Whether the arms have the sizes that were planned (sample ratio mismatch).

    Attributes:
        chi_squared: The statistic.
        p: Its p-value.
    """

    chi_squared: float
    p: float

    @property
    def fits(self) -> bool:
        """Whether the sizes fit the plan; if not, stop: something decides who is treated beside chance."""
        return self.p >= MISMATCH


def ratio_check(sizes: Mapping[str, int], planned: Mapping[str, float]) -> RatioCheck:
    """Pearson's chi-squared test of the arms' sizes against the planned shares.

    Args:
        sizes: Customers in each arm.
        planned: The planned share of each arm, in any unit; every one above 0.

    >>> ratio_check({"control": 500, "treated": 500}, {"control": 1, "treated": 1}).p
    1.0
    >>> ratio_check({"control": 400, "treated": 600}, {"control": 1, "treated": 1}).fits
    False
    """
    from scipy.special import chdtrc

    seen = np.array([sizes[arm] for arm in planned], dtype=float)
    shares = np.array(list(planned.values()), dtype=float)
    if (shares <= 0).any() or seen.sum() <= 0:
        raise UsageError(
            "The planned shares and the arms' sizes must be above 0.", hint="Give every arm its share."
        )
    expected = seen.sum() * shares / shares.sum()
    statistic = float(((seen - expected) ** 2 / expected).sum())
    return RatioCheck(chi_squared=statistic, p=float(chdtrc(len(seen) - 1, statistic)))
