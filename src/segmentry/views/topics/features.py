"""What the segments explain of each feature, beside what copies without groups would explain."""

from segmentry.records.evidence import Twins
from segmentry.records.run import Run
from segmentry.views.charts.stability_words import seen
from segmentry.views.topics.cells import Cell, Head, Table, feature, numeric, said
from segmentry.views.words.numbers import share

WEAK = "Does not separate the segments: consider making it a descriptor."
STRONG = "Separates the segments beyond chance."
CHANCE = "No more than where there are no groups."


def features(run: Run) -> Table | None:
    """A row a feature, the most separating first; None where there are no copies to compare with."""
    found = seen(run)
    steps = [step.feature for step in run.model.recipe.steps]
    if found is None or len(found.twins.eta_squared) != len(steps):
        return None
    place = {name: i for i, name in enumerate(steps)}
    explained = _explained(run, found.twins)
    ranked = sorted(place, key=lambda name: -explained[name])
    return Table(
        caption="What the segments explain of each feature",
        heads=(
            Head(text="Feature"),
            *numeric("Explained by the segments", "In copies without groups", "95% of copies stay below"),
            Head(text="What it says", wide=True),
        ),
        rows=tuple(_row(name, explained[name], found.twins, place[name]) for name in ranked),
        note="Explained is the share of a feature's variance that lies between the segments (eta squared). Segments "
        "always explain something, even of chance: that is why the copies stand beside it.",
    )


def _explained(run: Run, twins: Twins) -> dict[str, float]:
    """Eta squared by feature: on the scaled features, as in the copies, where it was measured there."""
    steps = [step.feature for step in run.model.recipe.steps]
    if len(twins.own_eta_squared) == len(steps):
        return dict(zip(steps, twins.own_eta_squared, strict=True))
    raw = {one.feature: one.eta_squared for one in run.population}
    return {name: raw.get(name, 0.0) for name in steps}


def _row(name: str, explained: float, twins: Twins, place: int) -> tuple[Cell, ...]:
    chance = explained <= twins.eta_squared_high[place]
    weak = chance and twins.lift >= twins.bar
    return (
        feature(name, badge="weak" if weak else ""),
        said(share(explained)),
        said(share(twins.eta_squared[place])),
        said(share(twins.eta_squared_high[place])),
        said(WEAK if weak else CHANCE if chance else STRONG),
    )
