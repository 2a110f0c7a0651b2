"""Pictures drawn in the background are those drawn here, whatever becomes of the helpers."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.factories import make_run

from segmentry.edges.rendering import background
from segmentry.edges.rendering.background import drawn
from segmentry.edges.rendering.png import png
from segmentry.views.charts.catalog import SEGMENTS

PAGES = [page for name in ("elbow", "segment_sizes", "final") for page in SEGMENTS[name](make_run())]


def pictures(folder: Path) -> dict[Path, str]:
    return {folder / f"{page.name}.png": page.svg for page in PAGES}


def assert_drawn(asked: dict[Path, str]) -> None:
    assert {path: path.read_bytes() for path in asked} == {path: png(svg) for path, svg in asked.items()}


@pytest.mark.parametrize("helpers", [0, 1, 2, 5])
def test_helpers_draw_the_same_bytes_however_many_there_are(tmp_path: Path, helpers: int) -> None:
    asked = pictures(tmp_path)
    with drawn(asked, helpers):
        pass
    assert_drawn(asked)


def killed(start: Callable[..., Any]) -> Callable[..., Any]:
    def started(*args: Any) -> Any:
        helper = start(*args)
        helper.kill()
        helper.wait()
        return helper

    return started


def refused(*_: object, **__: object) -> None:
    raise OSError("no more processes")


def test_pictures_are_drawn_here_when_a_helper_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_start", killed(background._start))  # noqa: SLF001 - it is about their death
    asked = pictures(tmp_path)
    with drawn(asked):
        pass
    assert_drawn(asked)


def test_pictures_are_drawn_here_when_no_helper_can_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", refused)
    asked = pictures(tmp_path)
    with drawn(asked):
        pass
    assert_drawn(asked)


def test_helpers_end_with_the_block_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helpers: list[subprocess.Popen[bytes]] = []

    def noted(start: Callable[..., Any]) -> Callable[..., Any]:
        def started(*args: Any) -> Any:
            helpers.append(start(*args))
            return helpers[-1]

        return started

    monkeypatch.setattr(background, "_start", noted(background._start))  # noqa: SLF001 - it is about their end
    with pytest.raises(ValueError, match="of no use"), drawn(pictures(tmp_path)):
        raise ValueError("of no use")
    assert [helper.returncode is None for helper in helpers] == [False] * len(helpers)
