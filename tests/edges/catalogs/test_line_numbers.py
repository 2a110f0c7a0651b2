"""A file that a person wrote is answered with its lines."""

import tomllib

import yaml
from hypothesis import given
from hypothesis import strategies as st

from segmentry.edges.catalogs.line_numbers import marked

KEYS = st.text("abcdef", min_size=1, max_size=4)
PLAIN = st.text("xyz \n'\"[]=#", max_size=9) | st.integers(-9, 9) | st.booleans()
TABLES = st.lists(
    st.dictionaries(KEYS, PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(KEYS, PLAIN, max_size=3)),
    min_size=1,
    max_size=4,
)


@given(TABLES)
def test_every_key_of_a_yaml_file_is_on_the_line_it_says(tables: list[dict[str, object]]) -> None:
    """Oracle: the written lines themselves, one key a line."""
    text = yaml.safe_dump(tables, sort_keys=False, default_flow_style=False)
    found = marked(text, "mine.yaml")
    assert found.values == tables
    lines = text.splitlines()
    for at, table in enumerate(tables):
        for key in table:
            assert lines[found.line((at, key)) - 1].lstrip("- ").startswith(f"{key}:")


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[\n  # one a line\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
    if isinstance(value, str):
        literal = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"""\n{literal}"""' if "\n" in value else f'"{literal}"'
    return str(value).lower()


@given(TABLES)
def test_every_key_of_a_toml_file_is_on_the_line_it_says(tables: list[dict[str, object]]) -> None:
    """Oracle: the lines as they are written here, over values of several lines and look-alikes."""
    lines, expected = ["# a comment"], {}
    for at, table in enumerate(tables):
        lines += ["", "[[plays]]"]
        expected[("plays", at)] = len(lines)
        for key, value in table.items():
            expected[("plays", at, key)] = len(lines) + 1
            lines += f"{key} = {_value(value)} # why".splitlines()
    text = "\n".join(lines)
    found = marked(text, "mine.toml")
    assert found.values == tomllib.loads(text) == {"plays": tables}
    assert {keys: found.line(keys) for keys in expected} == expected


def test_what_is_missing_is_on_the_line_of_what_it_is_missing_from() -> None:
    found = marked("# mine\n- name: Gold\n  traits:\n    spend: high\n", "mine.yaml")
    assert found.line((0, "traits", "discount")) == 3
    assert found.line((0, "one_liner")) == 2


def test_tables_below_a_list_belong_to_its_last_entry() -> None:
    text = (
        '[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n[a.b]\ny = 3\n[[a.c]]\nz = 4\n[[a.c]]\nz.w = 5\n["q.r"]\ns = 6\n'
    )
    found = marked(text, "mine.toml")
    assert [
        found.line(keys)
        for keys in (("a", 0, "b", "y"), ("a", 1, "b", "y"), ("a", 1, "c", 1, "z", "w"), ("q.r", "s"))
    ] == [4, 7, 11, 13]


def test_a_file_may_begin_with_a_mark_of_its_encoding_and_hold_windows_lines() -> None:
    found = marked("- name: Gold\r\n  fit: 1\r\n", "mine.yaml")
    assert found.line((0, "fit")) == 2
    assert marked('a = 1\r\nb = """\r\nx"""\r\nc = 2\r\n', "mine.toml").line(("c",)) == 4
