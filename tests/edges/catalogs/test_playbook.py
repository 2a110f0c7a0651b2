"""The playbook's schema says to an editor what the loader says to a person."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from segmentry.edges.catalogs.loading import playbook, shipped_texts
from segmentry.records.strategy import Input

PLAYS, _, SCHEMA = shipped_texts()
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA))


def test_the_shipped_playbook_meets_its_schema() -> None:
    VALIDATOR.validate(yaml.safe_load(PLAYS))


@pytest.mark.parametrize(
    "change",
    [
        {"kpi": None},
        {"kpi": {"primary": "Margin"}},
        {"when": {"mood": "high"}},
        {"when": {"spend": "very"}},
        {"offer": {"type": "gift", "what": "A gift"}},
        {"offer": {"type": "discount", "what": "A cut", "depth_max": 15}},
        {"evidence": "proven"},
        {"surprise": 1},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(change: dict[str, Any], tmp_path: Any) -> None:
    plays = yaml.safe_load(PLAYS)
    plays[0] = {key: value for key, value in (plays[0] | change).items() if value is not None}
    assert not VALIDATOR.is_valid(plays)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(plays), encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.yaml, line \d+, entry 'fewer_returns'"):
        playbook(path)


def test_a_source_is_evidence_of_its_own(tmp_path: Any) -> None:
    plays = yaml.safe_load(PLAYS)
    plays[0]["evidence"] = {"source": "Our test of spring 2025"}
    VALIDATOR.validate(plays)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(plays), encoding="utf-8")
    assert playbook(path)[0].evidence == "Our test of spring 2025"


@pytest.mark.parametrize("one", playbook(), ids=lambda one: one.id)
def test_a_play_that_gives_something_away_asks_for_how_much(one: Any) -> None:
    assert (Input.DISCOUNT_DEPTH in one.terms.inputs) == one.terms.offer_type.gives_away
    assert one.terms.trigger
    assert one.terms.kpi_guardrail
    weeks = {"four weeks": 28, "eight weeks": 56, "thirteen weeks": 91}
    said = [days for words, days in weeks.items() if words in one.kpi]
    assert said == [one.terms.days], f"the measure names one of {list(weeks)}, as long as the test"
