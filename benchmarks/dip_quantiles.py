"""Simulates the quantiles of the dip under one hump and writes ``src/segmentry/records/dip_quantiles.py``.

For each size n, the dip of n uniform numbers is worked out DRAWS times, each size with a generator of its own
from SEED. The dip comes from the test dependency ``diptest``, which is written in C: to 1e-12 it is the number
that ``segmentry.records.dip`` gives (tests/records/test_dip.py), in a seventh of the time or less.

Takes about five minutes: python benchmarks/dip_quantiles.py
"""

import textwrap
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from diptest import dipstat

SEED = 1985
DRAWS = 100_000
SIZES = (
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    12,
    15,
    20,
    30,
    50,
    75,
    100,
    150,
    200,
    300,
    500,
    1000,
    2000,
    5000,
    10_000,
    20_000,
)
CHANCES = (1, 0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03)
TAIL = (0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)
TARGET = Path(__file__).parents[1] / "src/segmentry/records/dip_quantiles.py"

HEAD = '''"""How large sqrt(n) x dip gets by chance, where there is one hump: quantiles that we simulated.

Made by benchmarks/dip_quantiles.py: {draws:,} draws of uniform numbers for each size, seed {seed}.
"""

SIZES = (
{sizes},
)  # fmt: skip
"""Numbers of values."""

CHANCES = (
{chances},
)  # fmt: skip
"""How often the dip is at least as large."""

QUANTILES = (
{rows}
)  # fmt: skip
"""A row a size: sqrt(n) x dip for each chance."""
'''


def quantiles(n: int) -> np.ndarray:
    """Sqrt(n) x dip for each chance, the least first."""
    rng = np.random.default_rng([SEED, n])
    dips = [dipstat(sorted_uniform(rng, n), allow_zero=False, sort_x=False) for _ in range(DRAWS)]
    return np.sqrt(n) * np.quantile(dips, 1 - np.array((*CHANCES, *TAIL)))


def sorted_uniform(rng: np.random.Generator, n: int) -> np.ndarray:
    """N uniform numbers in order: sums of exponential steps have that distribution, up to their scale."""
    return rng.exponential(size=n).cumsum()


def _numbers(written: Iterable[str]) -> str:
    """Numbers in lines that are not too long."""
    return textwrap.fill(", ".join(written), 108, initial_indent="    ", subsequent_indent="     ")


def main() -> None:
    """Simulate and write."""
    rows = []
    for n in SIZES:
        rows.append(quantiles(n))
        print(n, np.round(rows[-1], 4), flush=True)
    lines = (f"    ({_numbers(f'{value:.5f}' for value in row).strip()})," for row in rows)
    TARGET.write_text(
        HEAD.format(
            draws=DRAWS,
            seed=SEED,
            sizes=_numbers(map(str, SIZES)),
            chances=_numbers(map(str, (*CHANCES, *TAIL))),
            rows="\n".join(lines),
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
