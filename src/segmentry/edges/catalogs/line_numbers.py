"""YAML that people write, with the line on which everything stands, so that errors can say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from segmentry.errors import UsageError, reason, shortened

Model = TypeVar("Model", bound=BaseModel)
Keys: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys of tables and positions in lists, both as they are in the file."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader written in C where there is one: it is ten times faster."""

NAMES = ("name", "id")
"""What an entry may be known by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What a file holds, and on which line.

    Attributes:
        file: The file's name, for messages.
        values: Plain values.
        lines: The line, counted from 1, on which each key and each item begins.
    """

    file: str
    values: object
    lines: Mapping[Keys, int]

    def line(self, keys: Keys = ()) -> int:
        """The line of a value; of what it is missing from, when it is not there."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def place(self, keys: Keys = ()) -> str:
        r"""Where a value stands, for a message.

        >>> marked("name: Gold\nfit: good", "mine.yaml").place(("fit",))
        'mine.yaml, line 2'
        """
        return f"{self.file}, line {self.line(keys)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """One entry of a catalog.

    Attributes:
        source: The file that it stands in.
        keys: Where in it.
        number: 1 for the first.
    """

    source: Marked
    keys: Keys
    number: int

    @property
    def values(self) -> object:
        """Its plain values."""
        found: Any = self.source.values
        for key in self.keys:
            found = found[key]
        return found

    @property
    def label(self) -> str:
        """Its own name when it has one, else its number."""
        given = self.values if isinstance(self.values, dict) else {}
        named = next((given[key] for key in NAMES if given.get(key)), None)
        return f"entry {self.number}" if named is None else f"entry '{shortened(str(named))}'"

    def place(self, *keys: str | int) -> str:
        """Where one of its values stands, for a message: file, line and entry."""
        return f"{self.source.place((*self.keys, *keys))}, {self.label}"

    def checked(self, model: type[Model]) -> Model:
        """The entry as it must be.

        Raises:
            UsageError: saying on which line what is wrong, and what to try.
        """
        try:
            return model.model_validate(self.values)
        except ValidationError as failure:
            raise self._explained(failure, list(model.model_fields)) from None

    def _explained(self, failure: ValidationError, known: list[str]) -> UsageError:
        wrong = failure.errors(include_url=False)
        first = next((fault for fault in wrong if fault["type"] == "extra_forbidden"), wrong[0])
        keys = tuple(key for key in first["loc"] if key != "[key]")
        name, kind, given = ".".join(map(str, keys)), first["type"], first["input"]
        place = self.place(*keys)
        if not keys:
            return UsageError(
                f"{place}: it is not a table of values (it is {_shown(given)}).",
                hint=f"Write it as key: value, with {', '.join(known)}.",
            )
        if kind == "missing":
            return UsageError(f"{place}: '{name}' is missing.", hint="Add it.")
        if kind == "extra_forbidden":
            close = get_close_matches(str(keys[-1]), known, n=1, cutoff=0.5) if len(keys) == 1 else []
            guess = f"Did you mean '{close[0]}'? " if close else ""
            return UsageError(
                f"{place}: there is no '{shortened(name)}' in an entry.",
                hint=f"{guess}Check its spelling, or remove it.",
            )
        return UsageError(f"{place}: '{name}' is wrong (it is {_shown(given)}).", hint=_advice(first))


def _advice(error: Mapping[str, Any]) -> str:
    """What to write instead."""
    said = {
        "string_type": "It should be text: put it in quotes.",
        "string_too_short": "Write something there.",
        "too_short": f"It needs at least {error.get('ctx', {}).get('min_length', 1)}.",
        "tuple_type": "It should be a list, such as [this, that].",
        "model_type": "It has parts of its own: write it as a table, as in the file that ships with segmentry.",
        "dict_type": "It should be a table, such as {frequency: high}.",
    }
    return said.get(error["type"], f"{error['msg'].replace('Input', 'It', 1)}.")


def _shown(given: object) -> str:
    return shortened(repr(given))


def read_marked(path: Path, *, like: str) -> Marked:
    """What a file of a person's own holds.

    Args:
        path: The file.
        like: The file that ships with the package and shows how it is written.

    Raises:
        UsageError: when it cannot be read, or is not valid; it says on which line.
    """
    if path.suffix.casefold() == ".toml":
        raise UsageError(
            f"The catalog '{path}' is TOML, which is for settings; catalogs are written in YAML.",
            hint=f"Start from a copy of the {like} that ships with segmentry.",
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise UsageError(
            f"The catalog '{path}' cannot be read: {reason(failure)}.",
            hint=f"Start from a copy of the {like} that ships with segmentry.",
        ) from failure
    return marked(text, path.name)


def marked(text: str, file: str) -> Marked:
    """The values in a YAML text, each with its line.

    Args:
        text: The text.
        file: The name of its file.

    Raises:
        UsageError: when it is not valid; it says on which line.
    """
    try:
        loader = LOADER(text)
        try:
            node = loader.get_single_node()
            lines = dict(_node_lines(node, (), file, set())) if node else {}
            return Marked(file=file, values=loader.construct_document(node) if node else None, lines=lines)
        finally:
            loader.dispose()
    except RecursionError:
        raise UsageError(
            f"{file}: too many lists or brackets stand inside one another.",
            hint="An entry is a list of names and values, two levels deep at most.",
        ) from None
    except yaml.YAMLError as failure:
        start, mark = (getattr(failure, name, None) for name in ("context_mark", "problem_mark"))
        where = f"{file}, line {mark.line + 1}" if mark else file
        problem = getattr(failure, "problem", None) or " ".join(str(failure).split())
        if mark and start and start.line < mark.line:
            problem = f"{problem}, in what begins on line {start.line + 1}"
        raise UsageError(
            f"{where}: this is not valid YAML ({problem}).",
            hint="Check the indentation, the quotes and the brackets on that line and the one before.",
        ) from None


def entries(source: Marked, key: str) -> tuple[CatalogEntry, ...]:
    """The entries of a catalog: a list, or the list under its key.

    Raises:
        UsageError: when there is no list, or nothing in it.
    """
    values: Any = source.values
    keys: Keys = ()
    if isinstance(values, dict) and set(values) == {key}:
        values, keys = values[key], (key,)
    if not isinstance(values, list) or not values:
        raise UsageError(
            f"The catalog '{source.file}' is not a list of entries.", hint="Begin each entry with '- '."
        )
    return tuple(
        CatalogEntry(source=source, keys=(*keys, number), number=number + 1) for number in range(len(values))
    )


def _node_lines(node: yaml.Node, keys: Keys, file: str, seen: set[int]) -> Iterator[tuple[Keys, int]]:
    """The line of every node; what is an alias of an earlier one is not walked again."""
    if id(node) in seen:
        return
    seen.add(id(node))
    yield keys, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for at, one in enumerate(node.value):
            yield (*keys, at), one.start_mark.line + 1
            yield from _node_lines(one, (*keys, at), file, seen)
    if isinstance(node, yaml.MappingNode):
        _refuse_repeated(node, file)
        for key, value in node.value:
            own = (*keys, str(key.value))
            yield from _node_lines(value, own, file, seen)
            yield own, key.start_mark.line + 1


def _refuse_repeated(node: yaml.MappingNode, file: str) -> None:
    """A key that stands twice: YAML itself lets the last one win without a word."""
    first: dict[object, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if str(key.value) in first:
            raise UsageError(
                f"{file}, line {line}: '{shortened(str(key.value))}' is there twice, first on line "
                f"{first[str(key.value)]}.",
                hint="Keep one of the two; a new entry begins with '- '.",
            )
        first[str(key.value)] = line
