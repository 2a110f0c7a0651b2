"""Sentences that the report, the terminal and the notebook share."""

from segmentry.records.customers import PLACEMENTS, Placement
from segmentry.records.run import Run, Survey
from segmentry.records.segment import FeatureProfile, Segment, telling
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.verdict_words import VERDICT_WORDS
from segmentry.views.topics.cells import NAME_LENGTH, abridged, printable, sentence, shortened
from segmentry.views.topics.verdict import agreeing
from segmentry.views.words.numbers import count, plural

CONFIDENCE = {"high": "High", "medium": "Medium", "low": "Low", "not_judged": "Not judged"}
MOST_TRAITS, MOST_TIES, MOST_REASONS = 3, 6, 3


def traits(segment: Segment, limit: int = MOST_TRAITS) -> tuple[str, ...]:
    """What sets a segment apart, strongest first: ``high avg cart value``."""
    return tuple(trait(one) for one in telling(segment.markers)[:limit])


def sets_apart(run: Run, segment: Segment) -> tuple[str, ...]:
    """What sets a segment apart; where nothing is marked, what its name says, by the same rule as the name."""
    marked = traits(segment)
    if marked or run.k == 1:
        return marked or ("everybody",)
    line = segment.naming.one_liner
    return (line.partition(": ")[2] or line[:1].lower() + line[1:],)


def trait(profile: FeatureProfile) -> str:
    """One trait in words."""
    if profile.word:
        return f"{profile.how_often} {feature_label(profile.feature)}"
    return f"{'high' if profile.cohens_d > 0 else 'low'} {feature_label(profile.feature)}"


def feature_label(name: str) -> str:
    """A feature's name as it is read aloud, shortened."""
    return abridged(name.replace("_", " "))


def value_label(survey: Survey) -> str:
    """What value means here; empty when no column says."""
    return feature_label(survey.value.label.replace(" x ", " × ")) if survey.value else ""


def readiness_line(survey: Survey) -> str:
    """The audit's verdict in one line; a caution is never cut."""
    reasons = [printable(reason).rstrip(".") for reason in survey.audit.reasons]
    left = len(reasons) - MOST_REASONS
    more = [f"and {left} more in the report"] if left > 0 else []
    listed = "; ".join([*reasons[:MOST_REASONS], *more])
    return f"{survey.audit.readiness}{': ' + listed if listed else ''}."


def confidence(run: Run) -> str:
    """How sure the number of segments is."""
    said = run.verdict.confidence
    return CONFIDENCE.get(said, sentence(said))


def kind_line(run: Run) -> str:
    """Kind, confidence and votes in one line."""
    name = VERDICT_WORDS[run.verdict.kind].name
    if run.verdict.kind is VerdictKind.NOT_JUDGED:
        return "One audience" if run.k == 1 else name
    parts = (name, f"{confidence(run).lower()} confidence", agreeing(run))
    return " · ".join(part for part in parts if part)


def own_tie(run: Run) -> str:
    """That another solution is nearly as good as the one that is shown; empty where there is none."""
    if run.k not in run.evidence.near_ties:
        return ""
    return (
        f"Another way to form {run.k} segments is nearly as good and puts many customers elsewhere: a few "
        "other customers could tip the balance."
    )


def near_ties(run: Run) -> str:
    """Which numbers of segments have two nearly equal solutions; empty when none has."""
    ties = run.evidence.near_ties
    if not ties:
        return ""
    more = f" and {len(ties) - MOST_TIES} other numbers of" if len(ties) > MOST_TIES else ""
    listed = ", ".join(str(k) for k in ties[:MOST_TIES]) + more
    ours = " The segments of this report are among them." if run.k in ties else ""
    return (
        f"With {listed} segments, the search found two solutions that are nearly equally good and put many "
        f"customers elsewhere.{ours} Other customers may tip the balance, even where the better one comes back in most re-runs."
    )


def unplaced(run: Run) -> int:
    """Customers of whom nothing is known."""
    return int((run.assignment.segment < 0).sum()) - noise(run)


def noise(run: Run) -> int:
    """Customers whom the algorithm leaves in no segment."""
    return int((run.assignment.placement == PLACEMENTS.index(Placement.NOISE)).sum())


def people(run: Run) -> str:
    """How many customers there are, in how many segments, and how many are in none."""
    total = plural(len(run.survey.customers), "customer")
    where = "as one audience" if run.k == 1 else f"in {plural(run.k, 'segment')}"
    unknown, alone = unplaced(run), noise(run)
    none = f"; {count(alone)} in no segment (shares are of the others)" if alone else ""
    return f"{total} {where}{none}{f'; {count(unknown)} could not be placed' if unknown else ''}"


def origin(survey: Survey) -> tuple[str, ...]:
    """Where the customers come from, and the day that dates count back from."""
    day = (f"as of {survey.as_of}",) if survey.as_of else ()
    return (shortened(survey.source.name, NAME_LENGTH), *day)
