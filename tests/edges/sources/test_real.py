"""The real files, clean and dirty, read as their publishers describe them."""

import datetime as dt
from pathlib import Path

import pyarrow.compute as pc
import pytest

from segmentry.edges.engines.duckdb import fetch
from segmentry.edges.sources import read_table
from segmentry.records.columns import Kind

pytestmark = pytest.mark.real_data


def test_intellihack_has_sixty_missing_cells_in_twenty_rows(real: Path) -> None:
    read = read_table(real / "intellihack" / "customer_behavior_analytcis.csv")
    rows = fetch(read.typed)
    missing = [rows[name].null_count for name in rows.column_names]
    assert (read.source.info.rows, sum(missing)) == (999, 60)
    assert [form.kind for form in read.formats.values()] == [Kind.NUMBER] * 5 + [Kind.TEXT]


def test_mall_with_spaces_in_its_header_reads_like_mall(real: Path) -> None:
    clean = read_table(real / "mall" / "Mall_Customers.csv")
    dirty = read_table(real / "dirty" / "Mall_trailing_space_headers.csv")
    assert dirty.typed.columns[-2:] == ("Annual Income", "Spending Score")
    assert fetch(clean.typed).columns == fetch(dirty.typed).columns


def test_three_copies_of_the_marketing_campaign_hold_the_same_values(real: Path) -> None:
    clean = fetch(read_table(real / "marketing_campaign" / "marketing_campaign.csv").typed)
    for name in ("marketing_campaign_comma.csv", "marketing_campaign_semicolon_bom.csv"):
        assert fetch(read_table(real / "dirty" / name).typed).equals(clean)
    assert (clean.num_rows, clean["Income"].null_count) == (2240, 24)
    spend = sum(pc.sum(clean[name]).as_py() for name in clean.column_names if name.startswith("Mnt"))
    assert spend == 1_356_988


def test_an_american_order_log_is_read_month_first(real: Path) -> None:
    read = read_table(real / "dirty" / "Retail_Data_Transactions_mdy.csv")
    assert read.formats["trans_date"].date_format == "%m/%d/%Y"
    assert fetch(read.typed.limit(1))["trans_date"].to_pylist() == [dt.date(2013, 2, 11)]
    assert read.bad == ()


def test_online_retail_keeps_its_letters_and_finds_its_cancellations(real: Path) -> None:
    read = read_table(real / "online_retail" / "online_retail.parquet")
    bad = {one.column: one for one in read.bad}
    assert read.source.info.rows == 541_909
    assert bad["InvoiceNo"].count == 9_288 + 3
    assert fetch(read.texts.limit(1))["StockCode"].to_pylist() == ["85123A"]
