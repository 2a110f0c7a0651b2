"""From a file's bytes to UTF-8: which encoding it is, and a copy where it is another one."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from segmentry.errors import DataError, UsageError

CHUNK = 1 << 20
SAMPLE = 1 << 16
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a file may begin with, and the encoding that this means; the longer marks come first."""
UTF_8 = ("utf-8", "utf-8-sig")
_NUL_SHARE = 0.3
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b\x00"))
_CONTROL_SHARE = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """A text file in UTF-8.

    Attributes:
        path: The file itself, or a copy in UTF-8.
        note: How the letters were read, if not simply as UTF-8; else empty.
    """

    path: Path
    note: str = ""


def as_utf8(path: Path, encoding: str | None, scratch: Path) -> Letters:
    """A text file in UTF-8: the file itself, or a copy.

    Args:
        path: The file.
        encoding: What it is written in, if that was said.
        scratch: A folder for the copy.

    Raises:
        DataError: if it is no text, or cannot be read in the encoding that was given.
        UsageError: if there is no such encoding.
    """
    found = encoding or _encoding_of(path)
    try:
        codecs.lookup(found)
        if codecs.lookup(found).name in UTF_8 and _is_utf8(path):
            return Letters(path=path)
        return _transcoded(path, found, scratch)
    except LookupError as error:
        raise UsageError(
            f"There is no encoding called '{encoding}'.", hint="Try utf-8, cp1252, latin-1 or utf-16."
        ) from error
    except UnicodeDecodeError as error:
        message = f"The file '{path.name}' cannot be read as {encoding or found}: {error.reason}."
        raise DataError(message, hint="Leave the setting encoding out, or try cp1252.") from error


def _encoding_of(path: Path) -> str:
    """The encoding by the byte-order mark, by the zeros of UTF-16, or by trying UTF-8."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    marked = next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), None)
    if marked:
        return marked
    pairs = max(1, len(head) // 2)
    if head[1::2].count(0) > _NUL_SHARE * pairs and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) > _NUL_SHARE * pairs and head[1::2].count(0) == 0:
        return "utf-16-be"
    _refuse_binary(path, head)
    if _is_utf8(path):
        return "utf-8"
    return "cp1252" if _decodes(path, "cp1252") else "latin-1"


def _refuse_binary(path: Path, head: bytes) -> None:
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > _CONTROL_SHARE * len(head):
        message = f"The file '{path.name}' is not text: it holds bytes that no table has."
        raise DataError(message, hint="Export it as CSV, Excel or Parquet.")


def _is_utf8(path: Path) -> bool:
    return _decodes(path, "utf-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if 0 in chunk:
                    line += chunk[: chunk.index(0)].count(b"\n")
                    message = f"The file '{path.name}' holds a NUL byte in line {line}."
                    raise DataError(message, hint="The file is damaged: export it again.")
                line += chunk.count(b"\n")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _transcoded(path: Path, encoding: str, scratch: Path) -> Letters:
    copy = scratch / "utf-8.txt"
    with (
        path.open(encoding=encoding, newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        while text := source.read(CHUNK):
            target.write(text.replace("\0", ""))
    return Letters(path=copy, note=f"Its letters were read as {NAMES.get(encoding, encoding)}.")


NAMES = {
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-16": "UTF-16",
}
"""What people call the encodings that we detect."""
