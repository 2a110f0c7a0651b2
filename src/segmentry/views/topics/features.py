"""What the segments explain of each feature, beside what copies without groups would explain."""

from segmentry.records.evidence import Twins
from segmentry.records.run import Run
from segmentry.views.charts.stability_words import seen
from segmentry.views.topics.cells import Table, feature, numeric, prose, table, text
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
    twins, place = found.twins, {name: i for i, name in enumerate(steps)}
    explained = _explained(run, twins)
    words = {name: _says(explained[name], twins, place[name]) for name in place}
    return table(
        "What the segments explain of each feature",
        sorted(place, key=lambda name: -explained[name]),
        text("Feature", lambda name: feature(name, badge="weak" if words[name] == WEAK else "")),
        numeric("Explained by the segments", lambda name: share(explained[name])),
        numeric("In copies without groups", lambda name: share(twins.eta_squared[place[name]])),
        numeric("95% of copies stay below", lambda name: share(twins.eta_squared_high[place[name]])),
        prose("What it says", lambda name: words[name]),
        note="Explained is the share of a feature's variance that lies between the segments (eta squared). Segments "
        "always explain something, even of chance: that is why the copies stand beside it.",
    )


def _explained(run: Run, twins: Twins) -> dict[str, float]:
    """Eta squared by feature: on the scaled features, as in the copies, where it was measured there."""
    steps = [step.feature for step in run.model.recipe.steps]
    if len(twins.own_eta_squared) == len(steps):
        return dict(zip(steps, twins.own_eta_squared, strict=True))
    raw = {everybody.feature: everybody.eta_squared for everybody in run.population}
    return {name: raw.get(name, 0.0) for name in steps}


def _says(explained: float, twins: Twins, place: int) -> str:
    if explained > twins.eta_squared_high[place]:
        return STRONG
    return WEAK if twins.lift >= twins.bar else CHANCE
