"""How sure the names are, in sentences: against chance, against another assignment, and drawn again."""

from segmentry.records.run import Run
from segmentry.records.segment import NameSource, Naming
from segmentry.views.words.numbers import share


def how_sure(naming: Naming, draws: int) -> tuple[str, ...]:
    """How literally the description of one segment holds, and how often its name comes back."""
    out = []
    if naming.source is NameSource.ARCHETYPE and naming.soft_fit is not None:
        out.append(
            f"Taken literally, the description holds to {100 * naming.soft_fit:.0f} points of 100: the fit says "
            "whether it is the right name among those given, this says how far each word of it is true."
        )
    if naming.stability is not None and draws:
        called = "this name" if naming.derived is None else "the name that its numbers give"
        out.append(f"Drawn again {draws} times, the customers give it {called} in {share(naming.stability)}.")
    return tuple(out)


def names_as_a_set(run: Run) -> str:
    """How good the names of a run are as a set; empty where no kind of customer was given out."""
    found = run.naming
    if found.mean_fit is None or found.chance_p95 is None or run.k == 1:
        return ""
    fit, high = 100 * found.mean_fit, 100 * found.chance_p95
    said = f"The kinds of customer that come nearest fit at {fit:.0f} points of 100 on average"
    if found.chance_median is not None:
        said += f"; segments made at random reach {100 * found.chance_median:.0f}"
    said += f", and {high:.0f} one time in twenty."
    if found.best_other is not None:
        said += f" The best other way to give out the same names reaches {100 * found.best_other:.0f}."
    if found.mean_fit <= found.chance_p95:
        said += " So the names fit no better than chance can: take them as short descriptions."
    return said
