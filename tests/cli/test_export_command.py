"""A segment leaves the house: the file, its manifest, and everything that stops it."""

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

PEOPLE = "people.csv"


@pytest.fixture
def sending(shop: Any, finished: Path) -> Any:
    """The shop with a run and a file of contacts for its 60 customers."""
    shutil.copytree(finished, shop.folder / "run")
    rows = ["customer_id,email,phone,ad_user_data,ad_personalization"]
    rows += [
        f"C{one:05d},p{one}@shop.com,0170 {1000000 + one},granted,{'granted' if one % 10 else 'denied'}"
        for one in range(60)
    ]
    shop.write(PEOPLE, rows)
    return shop


def segments(shop: Any) -> dict[str, str]:
    """The segment of each customer, as the run says."""
    with (shop.folder / "run" / "customers.csv").open(encoding="utf-8") as file:
        return {row["customer_id"]: row["segment"] for row in csv.DictReader(file)}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(shop: Any, name: str) -> dict[str, object]:
    return dict(json.loads((shop.folder / name).read_text(encoding="utf-8")))


def test_a_segment_is_exported_with_a_manifest_that_adds_up(sending: Any) -> None:
    wanted = next(iter(segments(sending).values()))
    inside = {who for who, where in segments(sending).items() if where == wanted}
    outcome = sending(
        *("export", "run", "--segment", wanted.upper(), "--to", "google", "--contacts", PEOPLE),
        *("--country", "DE", "--out", "list.csv"),
    )
    assert outcome.code == 0, outcome.err
    sent = rows(sending.folder / "list.csv")
    agreed = {who for who in inside if int(who[1:]) % 10}
    assert {row["Email"] for row in sent} == {
        hashlib.sha256(f"p{int(who[1:])}@shop.com".encode()).hexdigest() for who in agreed
    }
    assert {row["Phone"] for row in sent} == {
        hashlib.sha256(f"+49170{1000000 + int(who[1:])}".encode()).hexdigest() for who in agreed
    }
    about = manifest(sending, "list.manifest.json")
    assert about["customers_in_segment"] == len(inside)
    assert about["rows"] == len(agreed)
    assert about["left_out"] == [
        {"reason": "no consent in 'ad_personalization'", "customers": len(inside) - len(agreed)}
    ]
    assert about["sha256"] == hashlib.sha256((sending.folder / "list.csv").read_bytes()).hexdigest()
    assert about["profile"]["version"] == "google-2026-11"  # type: ignore[index]
    text = (sending.folder / "list.manifest.json").read_text()
    assert not any(who in text for who in segments(sending))
    assert "shop.com" not in text


def test_all_segments_are_exported_as_a_list_of_ids_without_contacts(sending: Any) -> None:
    assert sending("export", "run", "--segment", "all", "--out", "all.csv").code == 0
    assert {row["customer_id"]: row["segment"] for row in rows(sending.folder / "all.csv")} == segments(
        sending
    )


def test_the_control_group_is_marked_or_left_out_and_both_agree(sending: Any) -> None:
    draw = ("--control-share", "0.3", "--holdout", "0.1", "--salt", "shop", "--campaign", "may")
    base = ("export", "run", "--segment", "all", *draw)
    assert sending(*base, "--control", "mark", "--out", "marked.csv").code == 0
    assert sending(*base, "--control", "leave-out", "--out", "left.csv").code == 0
    marked = rows(sending.folder / "marked.csv")
    left = {row["customer_id"] for row in rows(sending.folder / "left.csv")}
    assert {row["group"] for row in marked} == {"control", "treated"}
    assert left == {row["customer_id"] for row in marked if row["group"] == "treated"}
    about = manifest(sending, "left.manifest.json")
    reasons = {one["reason"]: one["customers"] for one in about["left_out"]}  # type: ignore[attr-defined]
    assert reasons == {
        "in the hold-out of all campaigns": 60 - len(marked),
        "in the control group": len(marked) - len(left),
    }


def test_a_suppressed_customer_is_in_no_fit_no_score_and_no_export(shop: Any) -> None:
    gone = {"C00003", "C00010", "C00011"}
    lines = (shop.folder / "customers.csv").read_text().splitlines()
    shop.write("rest.csv", [line for line in lines if line.split(",")[0] not in gone])
    shop.write("stop.txt", sorted(gone))
    assert shop("run", "customers.csv", "--out", "run", "--suppress", "stop.txt", "--quiet").code == 0
    assert shop("run", "rest.csv", "--out", "other", "--quiet").code == 0
    for name in ("customers.csv", "customers.parquet", "model.json", "evidence.csv", "profiles.csv"):
        assert (shop.folder / "run" / name).read_bytes() == (shop.folder / "other" / name).read_bytes(), name
    ledger = {row["rule"]: row["rows"] for row in rows(shop.folder / "run" / "ledger.csv")}
    assert ledger["P1"] == "3"
    assert manifest(shop, "run/run.json")["suppressed"]["customers"] == 3  # type: ignore[index]
    for file in (shop.folder / "run").rglob("*"):
        if file.is_file() and file.suffix in {".csv", ".json", ".html", ".sql", ".yaml"}:
            assert not any(who in file.read_text(encoding="utf-8") for who in gone), file
    assert shop("score", "run", "customers.csv", "--suppress", "stop.txt", "--out", "placed.csv").code == 0
    assert {row["customer_id"] for row in rows(shop.folder / "placed.csv")}.isdisjoint(gone)
    assert len(rows(shop.folder / "placed.csv")) == 57
    shop.write("stop.txt", [*sorted(gone), "C00000"])
    assert shop("export", "run", "--segment", "all", "--out", "all.csv").code == 0
    assert {row["customer_id"] for row in rows(shop.folder / "all.csv")}.isdisjoint({*gone, "C00000"})
    assert manifest(shop, "all.manifest.json")["left_out"] == [
        {"reason": "on the suppression list", "customers": 1}
    ]
    (shop.folder / "stop.txt").unlink()
    assert "is not there any more" in shop.refusal("export", "run", "--segment", "all", "--out", "again.csv")


def test_pseudonyms_replace_every_id_and_are_the_same_for_the_same_key(
    sending: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hmac

    key = "a key that nobody knows"
    monkeypatch.setenv("SEGMENTRY_KEY", key)
    assert sending("run", "customers.csv", "--out", "named", "--pseudonymise", "--quiet").code == 0
    expected = {
        hmac.new(key.encode(), who.encode(), "sha256").hexdigest(): where
        for who, where in segments(sending).items()
    }
    found = {row["customer_id"]: row["segment"] for row in rows(sending.folder / "named" / "customers.csv")}
    assert found == expected
    ids = set(segments(sending))
    for file in (sending.folder / "named").rglob("*"):
        if file.is_file() and file.suffix in {".csv", ".json", ".html", ".sql", ".yaml"}:
            text = file.read_text(encoding="utf-8")
            assert not any(who in text for who in ids), file
            assert key not in text, file
    assert (
        sending("score", "named", "customers.csv", "--pseudonymise", "--out", "placed.csv", "--quiet").code
        == 0
    )
    assert {row["customer_id"] for row in rows(sending.folder / "placed.csv")} == set(expected)
    sending.write("stop.txt", ["C00007"])
    ask = (
        "export",
        "named",
        "--segment",
        "all",
        "--to",
        "klaviyo",
        "--contacts",
        PEOPLE,
        "--suppress",
        "stop.txt",
    )
    assert sending(*ask, "--out", "list.csv").code == 0
    sent = {row["Email"] for row in rows(sending.folder / "list.csv")}
    assert sent == {f"p{one}@shop.com" for one in range(60) if one != 7}
    monkeypatch.delenv("SEGMENTRY_KEY")
    assert "SEGMENTRY_KEY is not set" in sending.refusal(*ask, "--out", "other.csv")


EXPORT = ("export", "run", "--out", "list.csv")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--segment", "Loyaal"), "No segment is called 'Loyaal'"),
        (("--segment", "99"), "There are: "),
        (("--segment", "all", "--to", "facebook"), "No platform is called 'facebook'"),
        (("--segment", "all", "--to", "meta"), "Give the file that has them: --contacts"),
        (("--segment", "all", "--to", "meta", "--contacts", "none.csv"), "none.csv"),
        (
            ("--segment", "all", "--to", "meta", "--contacts", PEOPLE, "--email", "e_mail"),
            "Did you mean 'email'?",
        ),
        (
            ("--segment", "all", "--to", "meta", "--contacts", PEOPLE, "--consent", "ok"),
            "No column of the contacts",
        ),
        (("--segment", "all", "--to", "meta", "--contacts", "customers.csv"), "Name the column with --email"),
        (("--segment", "all", "--to", "meta", "--contacts", "bare.csv"), "--legal-basis"),
        (("--segment", "all", "--to", "meta", "--contacts", "others.csv"), "--contacts-id"),
        (("--segment", "all", "--to", "x", "--contacts", PEOPLE, "--control", "mark"), "--control leave-out"),
        (("--segment", "all", "--control", "perhaps"), "mark, leave-out"),
        (("--segment", "all", "--control", "mark", "--holdout", "2"), "share"),
        (("--segment", "all", "--country", "Germany"), "two letters"),
        (("--segment", "all", "--suppress", "missing.txt"), "There is no list of ids 'missing.txt'"),
        (("--segment", "all", "--suppress", "binary.txt"), "list of ids 'binary.txt'"),
        (("--segment", "all", "--suppress", "wide.csv"), "is called as an id"),
        (("--segment", "all", "--out", "there.csv"), "exists already"),
        (("--segment", "all", "--out", "list.xlsx"), "is not a .csv"),
        (("--segment", "all", "--out", "no/list.csv"), "There is no folder 'no'"),
    ],
)
def test_what_cannot_be_exported_is_said_once_and_nothing_is_written(
    sending: Any, arguments: tuple[str, ...], said: str
) -> None:
    sending.write("bare.csv", ["customer_id,email", *(f"C{one:05d},p{one}@shop.com" for one in range(60))])
    sending.write("others.csv", ["number,email", *(f"C{one:05d},p{one}@shop.com" for one in range(60))])
    sending.write("binary.txt", b"\xff\xfe\x00\x00\x9f")
    sending.write("wide.csv", ["colour,size", "red,1", "blue,2"])
    sending.write("there.csv", ["already", "here"])
    assert said in sending.refusal(*EXPORT, *arguments)


def test_an_existing_list_is_replaced_on_request(sending: Any) -> None:
    assert sending(*EXPORT, "--segment", "1").code == 0
    assert "exists already" in sending.refusal(*EXPORT, "--segment", "all")
    assert sending(*EXPORT, "--segment", "all", "--force").code == 0
    assert len(rows(sending.folder / "list.csv")) == 60


def test_an_id_that_would_be_a_formula_is_made_harmless(shop: Any) -> None:
    lines = (shop.folder / "customers.csv").read_text().replace("C00000", "=1+1").splitlines()
    shop.write("customers.csv", lines)
    assert shop("run", "customers.csv", "--out", "run", "--quiet").code == 0
    assert shop("export", "run", "--segment", "all", "--out", "list.csv").code == 0
    assert "'=1+1" in {row["customer_id"] for row in rows(shop.folder / "list.csv")}
