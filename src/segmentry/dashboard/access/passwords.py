"""The password: kept as a scrypt hash, answered by a signed cookie, and slow to guess."""

import hashlib
import hmac
import secrets
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

from segmentry.errors import UsageError, reason

COOKIE = "segmentry"
HOURS = 12
N, R, P, SALT, LENGTH = 2**14, 8, 1, 16, 32
"""scrypt's cost: 16 MB and some hundredths of a second a guess."""
SHORTEST = 10
FREE, FIRST_WAIT, LONGEST_WAIT = 3, 1.0, 300.0
"""Wrong passwords without a wait; then the wait doubles, from a second to five minutes."""


def hashed(password: str) -> str:
    """A password as it may be stored: ``scrypt$salt$hash``.

    Raises:
        UsageError: when it is short.
    """
    if len(password) < SHORTEST:
        raise UsageError(f"The password has {len(password)} signs.", hint=f"Take at least {SHORTEST}.")
    salt = secrets.token_bytes(SALT)
    return f"scrypt${_text(salt)}${_text(_derived(password, salt))}"


def fits(password: str, stored: str) -> bool:
    """Whether a password is the one of a hash.

    >>> fits("correct horse", hashed("correct horse")), fits("battery staple", hashed("correct horse"))
    (True, False)
    """
    _, salt, derived = stored.split("$")
    return hmac.compare_digest(_derived(password, b64decode(salt)), b64decode(derived))


def read_hash(path: Path) -> str:
    """The hash in a file.

    Raises:
        UsageError: when there is none.
    """
    hint = "Write one with 'segmentry dashboard --hash-password > FILE'."
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as failure:
        raise UsageError(f"'{path}' cannot be read: {reason(failure)}.", hint=hint) from None
    try:
        kind, salt, derived = text.split("$")
        whole = kind == "scrypt" and len(b64decode(salt)) == SALT and len(b64decode(derived)) == LENGTH
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"'{path}' holds no password hash.", hint=hint)
    return text


class Gate:
    """Lets in who knows the password.

    Wrong ones are counted together, whoever sends them: an address can be changed, the password not.
    """

    def __init__(self, stored: str, clock: Callable[[], float] = time.time) -> None:
        """Guard a hash; cookies of an earlier server are void."""
        self._stored = stored
        self._clock = clock
        self._secret = secrets.token_bytes(LENGTH)
        self._lock = threading.Lock()
        self._wrong, self._until = 0, 0.0

    def wait(self) -> float:
        """Seconds until the next password is looked at."""
        return max(0.0, self._until - self._clock())

    def enter(self, password: str) -> str:
        """A cookie for the right password; nothing for a wrong one, or when one must wait."""
        with self._lock:
            if self.wait() > 0:
                return ""
            if fits(password, self._stored):
                self._wrong = 0
                return self._signed(int(self._clock()) + HOURS * 3600)
            self._wrong += 1
            if self._wrong >= FREE:
                doubled = FIRST_WAIT * 2.0 ** min(self._wrong - FREE, 30)
                self._until = self._clock() + min(doubled, LONGEST_WAIT)
            return ""

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is ours and not too old."""
        ends, _, _ = cookie.partition(".")
        if (
            not ends.isascii()
            or not ends.isdigit()
            or not hmac.compare_digest(
                cookie.encode("utf-8", "replace"), self._signed(int(ends[:18])).encode()
            )
        ):
            return False
        return int(ends) > self._clock()

    def _signed(self, ends: int) -> str:
        mark = hmac.new(self._secret, str(ends).encode(), "sha256").hexdigest()
        return f"{ends}.{mark}"


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=N, r=R, p=P, dklen=LENGTH)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
