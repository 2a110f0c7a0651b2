"""The run folder appears whole or not at all, and comes back as it was written."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import make_run

from segmentry.edges.run_folder import codec, store
from segmentry.edges.run_folder.folder import check_target, new_folder
from segmentry.edges.run_folder.tables import cell, harmless, write_rows
from segmentry.errors import ModelError, OutputError
from segmentry.records.model import Model
from segmentry.records.rounding import rounded
from segmentry.records.run import Run


def stopped_in(half: Path) -> None:
    (half / "run.json").write_text("half")
    raise KeyboardInterrupt


RUN = '{"segmentry": "0.1.0", "source": {}, "versions": {}}'


def test_a_run_that_dies_leaves_the_earlier_one_untouched(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with new_folder(target) as half:
        (half / "run.json").write_text(RUN)
    with pytest.raises(KeyboardInterrupt), new_folder(target, force=True) as half:
        stopped_in(half)
    assert (target / "run.json").read_text() == RUN
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_a_first_run_that_dies_leaves_nothing_at_all(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="died"), new_folder(tmp_path / "runs" / "first"):
        raise ValueError("died")
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_run_is_replaced_only_when_asked(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with new_folder(target) as half:
        (half / "run.json").write_text(RUN)
    with pytest.raises(OutputError, match="--force"):
        check_target(target, force=False)
    with new_folder(target, force=True) as half:
        (half / "run.json").write_text("2")
    assert (target / "run.json").read_text() == "2"


def test_a_folder_that_is_not_a_run_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="something other than a run"):
        check_target(tmp_path, force=True)


@pytest.mark.parametrize("k", [1, 3, 12])
def test_a_record_comes_back_from_json_as_it_was(k: int) -> None:
    run = make_run(k=k, p=5, n=200)
    text = codec.dumps(run)
    again = codec.loads(text, Run, where="the test")
    assert codec.dumps(again) == text
    assert again.segments == run.segments or k == 1
    np.testing.assert_array_equal(again.map.centres, run.map.centres)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id_name": 3}', '{"nonsense": true}'])
def test_a_damaged_model_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(ModelError, match=r"model.json.*Make the run again"):
        store.load_model(tmp_path)


def test_a_model_holds_nothing_about_any_one_customer() -> None:
    run = make_run(k=3, p=4, n=300)
    text = codec.dumps(run.model)
    assert not any(str(one) in text for one in run.survey.customers.ids)
    assert codec.loads(text, Model, where="x") == run.model
    assert set(json.loads(text)) == {"id_name", "recipe", "centres", "names", "reach", "as_of", "max_missing"}


@given(text=st.text(max_size=30))
def test_no_text_in_a_csv_is_a_formula(text: str) -> None:
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert harmless(text).removeprefix("'") in {text, text.removeprefix("'")}


def test_numbers_in_a_csv_have_twelve_digits(tmp_path: Path) -> None:
    assert cell(1 / 3) == "0.333333333333"
    write_rows([{"=name": "=1", "x": 2.0}], tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text() == "'=name,x\n'=1,2\n"


@given(values=st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=20))
def test_rounding_is_that_of_printing_with_twelve_digits(values: list[float]) -> None:
    """Python's own '.12g' is the oracle."""
    expected = [float(f"{one:.12g}") for one in values]
    np.testing.assert_allclose(rounded(values), expected, rtol=2e-12, atol=1e-300)
