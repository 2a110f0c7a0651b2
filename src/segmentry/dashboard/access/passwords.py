"""The password: kept as a scrypt hash, answered by a signed cookie, and slow to guess."""

import hashlib
import hmac
import secrets
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path

from segmentry.errors import UsageError, reason

COOKIE = "segmentry"
HOURS = 12
N, R, P, SALT, LENGTH = 2**14, 8, 1, 16, 32
"""scrypt's cost: 16 MB and some hundredths of a second a guess."""
SHORTEST = 10
FREE, FIRST_WAIT, LONGEST_WAIT = 3, 1.0, 300.0
"""Wrong passwords without a wait; then the wait doubles, from a second to five minutes."""
MOST_CLIENTS = 1_000
"""Clients whose wrong passwords are counted apart: it bounds memory, and guesses from many addresses."""
OTHERS = "others"
LONGEST_CLIENT = 45
"""Characters of an address: the longest IPv6 address has as many."""
IPV6 = 6


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


@dataclass(slots=True)
class _Guesses:
    """Wrong passwords in a row, and until when no further one is looked at."""

    wrong: int = 0
    until: float = 0.0


class Gate:
    """Lets in who knows the password.

    Wrong ones are counted for each client, so that a stranger who guesses does not lock out the owner. Clients
    beyond the first thousand share a count: more addresses give no more guesses.
    """

    def __init__(self, stored: str, clock: Callable[[], float] = time.time) -> None:
        """Guard a hash; cookies of an earlier server are void."""
        self._stored = stored
        self._clock = clock
        self._secret = secrets.token_bytes(LENGTH)
        self._lock = threading.Lock()
        self._guesses: dict[str, _Guesses] = {}

    def wait(self, client: str) -> float:
        """Seconds until the next password of a client is looked at."""
        guesses = self._guesses.get(self._key(client)) or _Guesses()
        return max(0.0, guesses.until - self._clock())

    def enter(self, password: str, client: str) -> str:
        """A cookie for the right password; nothing for a wrong one, or when the client must wait."""
        with self._lock:
            key = self._key(client)
            guesses = self._guesses.get(key) or _Guesses()
            if guesses.until > self._clock():
                return ""
            if fits(password, self._stored):
                self._guesses.pop(key, None)
                return self._signed(int(self._clock()) + HOURS * 3600)
            guesses.wrong += 1
            guesses.until = self._clock() + _wait_after(guesses.wrong)
            self._guesses[key] = guesses
            return ""

    def _key(self, client: str) -> str:
        """Under what a client is counted; those who have not guessed for long make room for others."""
        network = _network(client)
        if network in self._guesses or len(self._guesses) < MOST_CLIENTS:
            return network
        lately = self._clock() - LONGEST_WAIT
        self._guesses = {name: one for name, one in self._guesses.items() if one.until > lately}
        return network if len(self._guesses) < MOST_CLIENTS else OTHERS

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


def _wait_after(wrong: int) -> float:
    """Seconds to wait after so many wrong passwords."""
    return min(FIRST_WAIT * 2.0 ** min(wrong - FREE, 30), LONGEST_WAIT) if wrong >= FREE else 0.0


def _network(client: str) -> str:
    """The address of a client; of IPv6 the network, since one household has all addresses in it.

    >>> _network("2001:db8::1:2:3:4") == _network("2001:db8::9"), _network("10.0.0.7")
    (True, '10.0.0.7')
    """
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client[:LONGEST_CLIENT]
    return str(ip_network((int(address) >> 64 << 64, 64))) if address.version == IPV6 else str(address)


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=N, r=R, p=P, dklen=LENGTH)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
