"""Every number of the method says what it means, where it is defined."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import segmentry

SOURCE = Path(segmentry.__file__).parent
ROOMS = ("stages", "records", "pipeline", "workflows")


def is_number(value: ast.expr) -> bool:
    """Whether an expression is a number, or several."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, int | float) and not isinstance(value.value, bool)
    if isinstance(value, ast.UnaryOp):
        return is_number(value.operand)
    if isinstance(value, ast.BinOp):
        return is_number(value.left) and is_number(value.right)
    return isinstance(value, ast.Tuple) and bool(value.elts) and all(is_number(part) for part in value.elts)


def is_sentence(line: ast.stmt | None) -> bool:
    return (
        isinstance(line, ast.Expr)
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, str)
    )


def unexplained(text: str) -> Iterator[str]:
    """The numeric constants of a file that no sentence follows."""
    lines: list[ast.stmt | None] = [*ast.parse(text).body, None]
    for line, following in pairwise(lines):
        assigned = line.value if isinstance(line, ast.Assign | ast.AnnAssign) else None
        if line is not None and assigned is not None and is_number(assigned) and not is_sentence(following):
            yield ast.unparse(line)


def test_a_number_without_a_sentence_is_seen() -> None:
    text = 'A = 1\nB, C = -2, 3.5\n"""Both."""\nD: float = 1 / 3\nE = "text"\nF = True\n'
    assert list(unexplained(text)) == ["A = 1", "D: float = 1 / 3"]


@pytest.mark.parametrize("room", ROOMS)
def test_every_number_of_the_method_has_its_sentence(room: str) -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {constant}"
        for path in (SOURCE / room).rglob("*.py")
        for constant in unexplained(path.read_text(encoding="utf-8"))
    }
    assert not found
