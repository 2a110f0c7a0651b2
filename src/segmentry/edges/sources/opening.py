"""Opening a source: what it is is read off its content, and a bad one is refused in one sentence."""

import gzip
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from segmentry.edges.engines.duckdb import fetch_sql, open_engine, shut_off
from segmentry.edges.sources.dataframes import load_frame
from segmentry.edges.sources.delimited import load_delimited
from segmentry.edges.sources.excel import load_excel
from segmentry.edges.sources.fingerprints import of_file, of_table
from segmentry.edges.sources.source import TABLE, Desk, Loaded, Source
from segmentry.edges.sources.typed_files import load_duckdb, load_json, load_parquet
from segmentry.edges.work_folder import NEW, tidy, work_folder
from segmentry.errors import DataError, UsageError
from segmentry.records.run import SourceInfo
from segmentry.records.settings import ReadSettings

Loader = Callable[[Path, ReadSettings, Desk], Loaded]

LOADERS: dict[str, Loader] = {
    "csv": load_delimited,
    "parquet": load_parquet,
    "excel": load_excel,
    "json": load_json,
    "duckdb": load_duckdb,
}
"""Kinds of files and what reads them; a new source is one function and one line."""

SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".parquet",
    ".xlsx",
    ".xls",
    ".json",
    ".jsonl",
    ".ndjson",
    ".duckdb",
    ".gz",
)
"""What is offered when a path is wrong; the content decides how a file is read."""

MAGIC = (
    (0, b"PAR1", "parquet"),
    (0, b"\xd0\xcf\x11\xe0", "excel"),
    (8, b"DUCK", "duckdb"),
)
FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"ARROW1", "an Arrow file"),
    (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"),
    (b"PK\x03\x04", "a ZIP archive"),
)
WEB_PAGE = ("<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<script")
UNSUPPORTED = (
    ".pdf",
    ".doc",
    ".docx",
    ".zip",
    ".html",
    ".htm",
    ".xml",
    ".pkl",
    ".pickle",
    ".sav",
    ".sas7bdat",
    ".rds",
)
_ADDRESS = re.compile("[a-z][a-z0-9+]+:/")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*\{|\{\s*")')
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
HEAD = 1024
GZIP = b"\x1f\x8b"
GLOB = frozenset("*?[]{}")
MOST_SHOWN = 5


def open_source(source: object, options: ReadSettings | None = None) -> Source:
    """Open a path or a table in memory, and read it once.

    Args:
        source: A path, or a pandas, Polars, PyArrow or Ibis table.
        options: How to read it, where it does not say so itself.

    Raises:
        DataError: if it cannot be read, or holds no customers.
        UsageError: if an option, or the source, is not valid.
    """
    chosen = options or ReadSettings()
    temporary = Path(tempfile.gettempdir())
    tidy(temporary)
    with work_folder(temporary, "segmentry") as work:
        desk = Desk(engine=open_engine(), scratch=work / NEW)
        opened = _open(source, chosen, desk)
        shut_off(desk.engine)
        return opened


def _open(source: object, options: ReadSettings, desk: Desk) -> Source:
    if isinstance(source, str | os.PathLike):
        return _open_path(Path(os.fsdecode(source)), options, desk)
    loaded = load_frame(source, desk)
    return _opened(loaded, desk, f"a {loaded.kind} table", of_table(desk.engine, TABLE))


def _opened(loaded: Loaded, desk: Desk, name: str, fingerprint: str) -> Source:
    rows = fetch_sql(desk.engine, f"SELECT count(*) FROM {TABLE}")[0][0].as_py()  # noqa: S608 - a constant
    if rows == 0:
        raise DataError(f"There are no customers in {name}: only a header.", hint="Check the export.")
    info = SourceInfo(
        name=name,
        kind=loaded.kind,
        rows=rows,
        columns=len(loaded.table.columns),
        fingerprint=fingerprint,
        notes=loaded.notes,
    )
    return Source(table=loaded.table, info=info, delimiter=loaded.delimiter, nested=loaded.nested)


def _open_path(named: Path, options: ReadSettings, desk: Desk) -> Source:
    try:
        path = _existing(named)
        plain = _unpacked(path, desk.scratch)
        loaded = LOADERS[_kind_of(plain, path)](_safe(plain, desk.scratch), options, desk)
        return _opened(loaded, desk, os.fsencode(path.name).decode("utf-8", "replace"), of_file(path))
    except PermissionError as error:
        message = f"'{named}' may not be read by you."
        raise DataError(message, hint="Change its permissions, or copy it.") from error


def _existing(named: Path) -> Path:
    """The file at a path; refuse what is not one, and say what there is instead."""
    if _ADDRESS.match(str(named)):
        raise UsageError(f"'{named}' is an address, and only files are read.", hint="Download it first.")
    path = named
    with suppress(RuntimeError):  # '~nobody' is left as it is
        path = named.expanduser()
    if path.is_dir():
        inside = sorted(entry.name for entry in path.iterdir() if entry.suffix.lower() in SUFFIXES)
        hint = f"Name one of its files: {_shown(inside)}." if inside else "It holds no file that can be read."
        raise DataError(f"'{named}' is a folder.", hint=hint)
    if not path.exists():
        raise DataError(f"There is no file '{named}'.", hint=_nearby(path))
    if not path.is_file():
        raise DataError(f"'{named}' is not a plain file.", hint="Save its content as a file first.")
    return path.absolute()


def _nearby(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder '{path.parent}' either."
    names = {entry.name.lower(): entry.name for entry in path.parent.iterdir() if entry.is_file()}
    close = [names[match] for match in get_close_matches(path.name.lower(), names, n=3, cutoff=0.6)]
    tables = sorted(name for name in names.values() if Path(name).suffix.lower() in SUFFIXES)
    if close:
        return f"Did you mean {' or '.join(repr(one) for one in close)}?"
    return f"Beside it there are: {_shown(tables)}." if tables else "Check the path."


def _shown(names: list[str]) -> str:
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(names[:MOST_SHOWN]) + more


def _unpacked(path: Path, scratch: Path) -> Path:
    """The file, or its content where it is compressed with gzip."""
    with path.open("rb") as file:
        if file.read(len(GZIP)) != GZIP:
            return path
    copy = _folder(scratch, "unpacked") / (path.name.removesuffix(".gz") or "content")
    try:
        with gzip.open(path) as packed, copy.open("wb") as target:
            shutil.copyfileobj(packed, target, length=1 << 20)
    except (OSError, EOFError, zlib.error) as error:
        message = f"The gzip file '{path.name}' is cut short or damaged: {error}."
        raise DataError(message, hint="Download or export it again.") from error
    return copy


def _folder(scratch: Path, name: str) -> Path:
    """A folder of its own for copies that bear names of the user's: they may be called like ours."""
    folder = scratch / name
    folder.mkdir(exist_ok=True)
    return folder


def _kind_of(path: Path, named: Path) -> str:
    """What a file is, by its content; refuse what is no table."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise DataError(f"The file '{named.name}' is empty.", hint="Check the export.")
    known = next((kind for place, mark, kind in MAGIC if head[place:].startswith(mark)), None)
    if known is None and head.startswith(b"PK\x03\x04") and _is_workbook(path, named):
        known = "excel"
    if known is not None:
        return known
    _refuse_foreign(head, named)
    suffix = Path(named.name.removesuffix(".gz")).suffix.lower()
    return "json" if suffix in JSON_SUFFIXES or _JSON.match(head) else "csv"


def _is_workbook(path: Path, named: Path) -> bool:
    """Whether a ZIP archive is an Excel workbook; a broken one is judged by its name."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return named.suffix.lower() in {".xlsx", ".xlsm", ".xlsb"}


def _refuse_foreign(head: bytes, named: Path) -> None:
    """Say what a file is when it is something else than a table."""
    found = next((spoken for mark, spoken in FOREIGN if head.startswith(mark)), None)
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    if found is None and text.startswith(WEB_PAGE):
        found = "a web page"
    if found is None and named.suffix.lower() in UNSUPPORTED:
        found = f"of the kind {named.suffix.lower()}"
    if found is not None:
        message = f"The file '{named.name}' is {found}, not a table."
        advice = (
            "Download the table itself." if found == "a web page" else "Export it as CSV, Excel or Parquet."
        )
        raise DataError(message, hint=advice)


def _safe(path: Path, scratch: Path) -> Path:
    """The file under a name in which the engine sees no pattern."""
    if not GLOB.intersection(str(path)):
        return path
    link = scratch / f"plain{path.suffix}"
    try:
        link.symlink_to(path)
    except OSError:
        shutil.copyfile(path, link)
    return link
