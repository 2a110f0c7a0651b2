"""A run that follows an earlier one keeps its segments' ids, names, colours and places (METHOD 7.5)."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

import segmentry as sg
from segmentry.cli import run_app
from segmentry.edges.run_folder import store
from segmentry.records.lineage import Basis, Fate
from segmentry.records.settings import GroupSettings
from segmentry.views.topics.segments import portraits
from segmentry.workflows.audience import planned

CUSTOMERS = sg.datasets.ecommerce(300).customers
AT = CUSTOMERS.column_names.index("customer_id")


def made(table: pa.Table, k: int, **options: object) -> sg.Result:
    return sg.segment(table, k=k, effort="quick", compare=False, **options)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    store.write_tables(made(CUSTOMERS, 3, names={"Bargain Hunters": "Dealers"}).run, folder)
    return folder


def test_segments_keep_id_name_colour_and_place_and_new_ones_follow(first: Path, tmp_path: Path) -> None:
    second = made(CUSTOMERS.slice(30), 4, previous=str(first))
    known = [one for one in second.segments if one.identity and one.identity.fate is not Fate.NEW]
    assert [(one.id, one.name, one.colour) for one in known] == [
        ("S1", "High Spenders", 1),
        ("S2", "Dealers", 2),
        ("S3", "Window Shoppers", 3),
    ]
    assert (second.segments[3].id, second.segments[3].colour) == ("S4", 4)
    lineage = second.run.lineage
    assert lineage is not None
    assert (lineage.basis, lineage.customers, lineage.issued) == (Basis.CUSTOMERS, 270, 4)
    assert " ".join(second.summary().split()).count(lineage.sentence) == 1
    told = [portrait.why[0] for portrait in portraits(second.run)]
    assert told[1].startswith("Changed since the earlier run: it is S2, Dealers then, but only ")
    assert told[3] == "New since the earlier run: it is S4 from now on."
    store.write_tables(second.run, tmp_path)
    assert [one.id for one in sg.load(tmp_path).segments] == ["S1", "S2", "S3", "S4"]


def test_without_shared_customers_the_earlier_model_says_which_is_which(first: Path) -> None:
    strangers = CUSTOMERS.set_column(AT, "customer_id", pa.array([f"x{one}" for one in range(300)]))
    second = made(strangers, 3, previous=str(first))
    assert second.run.lineage is not None
    assert second.run.lineage.basis is Basis.MODEL
    assert [one.name for one in second.segments] == ["High Spenders", "Dealers", "Window Shoppers"]


def test_a_folder_that_is_no_run_is_one_clear_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyarrow.csv as pa_csv

    pa_csv.write_csv(CUSTOMERS, tmp_path / "customers.csv")
    given = ["run", str(tmp_path / "customers.csv"), "--out", str(tmp_path / "out")]
    assert run_app([*given, "--previous", str(tmp_path)]) == 2
    assert "result.json" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_misnamed_run_is_not_followed(first: Path, tmp_path: Path) -> None:
    run = sg.load(first).run
    store.write_tables(run, tmp_path)
    held = json.loads((tmp_path / "model.json").read_text())
    held["names"] = held["names"][::-1]
    (tmp_path / "model.json").write_text(json.dumps(held))
    with pytest.raises(sg.ModelError, match="are swapped"):
        made(CUSTOMERS, 3, previous=str(tmp_path))


def test_a_campaign_is_drawn_as_the_run_says_but_for_what_is_asked() -> None:
    run = made(CUSTOMERS, 2, holdout_salt="shop", holdout_share=0.2).run
    assert planned(run) == GroupSettings(holdout_salt="shop", holdout_share=0.2, control_share=0.5)
    stated = {"control_share": 0.3, "k": 4}
    assert planned(run, stated) == GroupSettings(holdout_salt="shop", holdout_share=0.2, control_share=0.3)
