"""The key for pseudonyms: from a file or the environment, never written anywhere."""

import os
from pathlib import Path

from segmentry.errors import UsageError, reason
from segmentry.stages.privacy.pseudonyms import Pseudonyms

VARIABLE = "SEGMENTRY_KEY"
"""The environment variable that holds the key where no file is named."""


def pseudonyms(key_file: str | Path | None) -> Pseudonyms:
    """Pseudonyms by the key in a file, or in the environment where no file is named.

    Spaces and line ends around the key do not belong to it.

    Raises:
        UsageError: when there is no key, or it is too short.
    """
    if key_file is None:
        held = os.environ.get(VARIABLE, "").strip()
        if not held:
            raise UsageError(
                f"Pseudonyms need a key, and {VARIABLE} is not set.",
                hint="Put a secret of 16 signs or more into it, or name a file that holds one: key_file.",
            )
        return Pseudonyms(key=held.encode())
    try:
        return Pseudonyms(key=Path(key_file).read_bytes().strip())
    except OSError as failure:
        raise UsageError(
            f"The key file '{key_file}' cannot be read: {reason(failure)}.",
            hint=f"Name a file that holds a secret of 16 signs or more, or set {VARIABLE}.",
        ) from None
