"""How fast our server answers each thing that people do, alone and with ten of them at once."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

LEVELS = ("high", "medium", "low")
USERS = 10


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What can be asked for.

    Attributes:
        segments: How many there are.
        columns: What lists are sorted by.
        ids: Some customers' ids.
    """

    segments: int
    columns: Sequence[str]
    ids: Sequence[str]


Action = Callable[[Shop, random.Random], str]


def _some(shop: Shop, dice: random.Random) -> str:
    return f"segment={dice.randint(1, shop.segments)}&confidence={dice.choice(LEVELS)}"


def _area(dice: random.Random) -> str:
    left, low = dice.uniform(-3, 1), dice.uniform(-2, 1)
    return f"x0={left:.2f}&x1={left + 1.5:.2f}&y0={low:.2f}&y1={low + 1.5:.2f}"


ACTIONS: dict[str, Action] = {
    "overview": lambda _, __: "/",
    "filter the map": lambda shop, dice: f"/map?{_some(shop, dice)}",
    "brush the map": lambda _, dice: f"/map?{_area(dice)}",
    "filter and brush": lambda shop, dice: f"/map?{_some(shop, dice)}&{_area(dice)}",
    "sort customers": lambda shop, dice: f"/customers?sort={quote(dice.choice(shop.columns))}",
    "filter and sort customers": (
        lambda shop, dice: f"/customers?{_some(shop, dice)}&sort={quote(dice.choice(shop.columns))}"
    ),
    "page through customers": (
        lambda shop, dice: (
            f"/customers?sort={quote(dice.choice(shop.columns))}&after={dice.randrange(900_000)}"
        )
    ),
    "find a customer": lambda shop, dice: f"/customers?q={quote(dice.choice(shop.ids)[:-2])}",
    "one customer": lambda shop, dice: f"/customer/{quote(dice.choice(shop.ids))}",
}
CHANGES = [name for name in ACTIONS if name not in {"overview", "one customer"}]
"""What must be answered fast: filter, sort, page, brush."""


def alone(port: int, shop: Shop, times: int) -> dict[str, list[float]]:
    """Seconds of each answer, by action, one after the other."""
    dice = random.Random(1)  # noqa: S311 - which customers are asked for is no secret
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    return {name: [_asked(wire, act(shop, dice)) for _ in range(times)] for name, act in ACTIONS.items()}


def together(port: int, shop: Shop, times: int) -> list[float]:
    """Seconds of each answer when ten people filter, sort, page and brush at once."""
    found: list[float] = []
    failed: list[str] = []

    def one_person(number: int) -> None:
        dice = random.Random(number)  # noqa: S311 - likewise
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(times):
            try:
                found.append(_asked(wire, ACTIONS[dice.choice(CHANGES)](shop, dice)))
            except SystemExit as failure:
                failed.append(str(failure))

    people = [threading.Thread(target=one_person, args=(number,)) for number in range(USERS)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    if failed:
        raise SystemExit(f"{len(failed)} of {USERS * times} requests of ten people failed: {failed[0]}")
    return found


def _asked(wire: http.client.HTTPConnection, path: str) -> float:
    """Seconds from a request to the last byte of its answer."""
    began = time.perf_counter()
    wire.request("GET", path)
    answer = wire.getresponse()
    answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{answer.status} for {path}")
    return time.perf_counter() - began
