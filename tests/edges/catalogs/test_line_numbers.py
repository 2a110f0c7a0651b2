"""A file that a person wrote is answered with its lines."""

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


def test_what_is_missing_is_on_the_line_of_what_it_is_missing_from() -> None:
    found = marked("# mine\n- name: Gold\n  traits:\n    spend: high\n", "mine.yaml")
    assert found.line((0, "traits", "discount")) == 3
    assert found.line((0, "one_liner")) == 2


def test_a_file_may_begin_with_a_mark_of_its_encoding_and_hold_windows_lines() -> None:
    found = marked("- name: Gold\r\n  fit: 1\r\n", "mine.yaml")
    assert found.line((0, "fit")) == 2
