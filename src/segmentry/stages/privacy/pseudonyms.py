"""Customers by another name: a keyed hash of the id that nobody without the key can undo or repeat (METHOD 11)."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from segmentry.errors import UsageError
from segmentry.records.arrays import Texts

SHORTEST_KEY = 16
"""Bytes of the shortest key: 128 bits cannot be guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonyms:
    """HMAC-SHA256 (RFC 2104, FIPS 180-4) of an id in UTF-8, as lower-case hexadecimal digits.

    Attributes:
        key: The secret; it is never written and never printed.

    Raises:
        UsageError: when the key is too short to be one.

    >>> names = Pseudonyms(key=b"0123456789abcdef")
    >>> names("C1") == names("C1"), names("C1") == names("C2"), len(names("C1"))
    (True, False, 64)
    >>> names
    Pseudonyms()
    """

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that can be guessed."""
        if len(self.key) < SHORTEST_KEY:
            raise UsageError(
                f"The key for pseudonyms has {len(self.key)} bytes; it needs {SHORTEST_KEY} or more.",
                hint="Make one with: openssl rand -hex 32.",
            )

    def __call__(self, customer_id: str) -> str:
        """The pseudonym of one id."""
        return hmac.new(self.key, customer_id.encode(), hashlib.sha256).hexdigest()

    def of(self, ids: Iterable[object]) -> Texts:
        """The pseudonyms of n ids."""
        return np.array([self(str(one)) for one in ids], dtype=object)
