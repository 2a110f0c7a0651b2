"""The embedded engine keeps to itself and keeps the order of rows."""

import socket

import numpy as np
import pytest

from segmentry.edges.engines.duckdb import create, fetch, open_engine


def test_the_engine_neither_installs_nor_loads_extensions() -> None:
    settings = ("autoinstall_known_extensions", "autoload_known_extensions", "python_enable_replacements")
    connection = open_engine().con
    values = [connection.execute(f"SELECT current_setting('{name}')").fetchone()[0] for name in settings]
    assert values == [False, False, False]


def test_an_expression_is_fetched_in_the_order_of_the_rows() -> None:
    table = create(open_engine(), "many", "SELECT i AS x FROM range(300000) AS t(i)")
    fetched = fetch(table.filter(table.x % 2 == 0))["x"].to_numpy()
    assert np.array_equal(fetched, np.arange(0, 300_000, 2))


def test_opening_an_engine_asks_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert fetch(create(open_engine(), "one", "SELECT 1 AS x"))["x"].to_pylist() == [1]
