"""The words of every kind of verdict, in one table: whatever speaks of a verdict reads them here.

A row a kind. The sentences are templates; ``Measured`` fills them in with the numbers of a run, or of segments
that were given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from segmentry.records.evidence import CLEAR_LIFT, CONNECTED, Quiet, Shape, Twins
from segmentry.records.hit_rates import hit_rate
from segmentry.records.verdict import VerdictKind

FAR, NOTHING = 3 * CLEAR_LIFT, 0.005
"""Lift from which segments are far tighter (METHOD 3.2); below the second it is none in two decimals."""

LOOSER = 0.03
"""Lift below zero from which given segments are looser than those found in copies without groups."""

WHOLE = 0.995
"""From this overlap on, nobody would see a difference."""


LEAST_SHARE = 0.01
"""Shares below this are not written as a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictWords:
    """What is said of one kind of verdict.

    Attributes:
        name: The kind in a few words.
        title: The kind in one line.
        sentence: The recorded verdict on segments that were found.
        given: The same on segments that were given.
        plain: The verdict for people who do not read indices.
        exhibit: The title of the figure that shows what the verdict rests on.
        limit: What the result does not say.
    """

    name: str
    title: str
    sentence: str
    given: str
    plain: str
    exhibit: str
    limit: str = (
        "Stable segments need not be real groups, and real groups need not be useful: whether they pay is for a test "
        "to say."
    )


BORDERS = "Treat the borders as management choices."
NOTHING_ELSE = ", but nothing else says groups: bent, pointed or uneven clouds look like that too"
MORE = "More customers, better measures or fewer features would help."

VERDICT_WORDS: Mapping[VerdictKind, VerdictWords] = {
    VerdictKind.NATURAL: VerdictWords(
        name="Natural groups",
        title="Natural groups: there is empty space between them.",
        sentence="{opening}. The groups are {tighter_than_copies}, {back}, and there is empty space between all of them.",
        given="These are natural groups: they are {tighter_than_found}, {all_back}, and there is empty space between "
        "all of them.",
        plain="Your customers fall into {k} groups that are really there. They are {than_chance}. {again} Between "
        "neighbouring segments there is empty space: hardly anybody sits in between. You can plan on these segments.",
        exhibit="{k} natural segments: {tighter} than copies without groups {against}, and with empty space around each",
    ),
    VerdictKind.PARTLY_NATURAL: VerdictWords(
        name="Partly natural groups",
        title="Partly natural: some segments stand apart, others touch.",
        sentence="{opening}. The groups are {tighter_than_copies} and {back}. {apart} of them {stand} apart with empty "
        "space around; the others touch, and customers near a border could go either way.",
        given="These groups are real: they are {tighter_than_found}, and {all_back}. {apart} of them {stand} apart with "
        "empty space around; the others touch, and customers near a border could go either way.",
        plain="Some of your {k} groups are islands, the others shade into each other. They are {than_chance}. {again} "
        "{names} {stand} apart, with empty space around; customers near the other borders could go either way.",
        exhibit="{apart} of {k} segments stand apart: {tighter} than copies without groups {against}, but the others "
        "touch",
    ),
    VerdictKind.DISTINCT_OVERLAPPING: VerdictWords(
        name="Distinct but overlapping groups",
        title="Distinct but overlapping: denser areas that touch, so customers near a border could go either way.",
        sentence="{opening}. The groups really are {tighter_than_copies} and {back}, but {touch}.",
        given="These groups are real: they are {tighter_than_found}, and {all_back}, but {touch}.",
        plain="Your customers gather around {k} centres that are really there, but {most_touch}. They are {than_chance}. "
        "{again} {no_space} could go either way, so do not base an expensive decision on a borderline customer.",
        exhibit="{k} real segments{some_apart}: {tighter} than copies without groups {against}, but {others_touch}",
    ),
    VerdictKind.REPRODUCIBLE_CUT: VerdictWords(
        name="A dependable cut of a continuum",
        title="A dependable cut of a continuum: the same segments come back, but their borders are a management choice.",
        sentence="{continuum}: {k} segments are {tighter_than_copies}{nothing_else}. {k} segments are "
        f"a dependable way to cut it: {{back}}. {BORDERS}",
        given="These segments are a dependable way to cut a continuum: they are {tighter_than_found}, but {all_back}. "
        f"{BORDERS}",
        plain="{plain_continuum}: the segments are {than_chance}{nothing_else}. Still, {k} segments "
        "are a dependable way to divide it. {again} Use them to organise your work, and remember that where one ends "
        "and the next begins is a decision of management, not a fact about customers.",
        exhibit="A dependable cut{not_islands}: {k} segments are {tighter} than copies without groups {against}, but "
        "they come back",
        limit="Nothing in the data says where one segment ends and the next begins: the borders are a decision.",
    ),
    VerdictKind.CONSTRUCTIVE: VerdictWords(
        name="A construction",
        title="A construction for management use: expect the borders to move.",
        sentence="We found {found}: {k} segments are {tighter_than_copies}, and in re-runs on other draws of the "
        "customers the least stable of {k} segments differs by {loose}. The segments are a construction for "
        f"management use; expect borders to move. {MORE}",
        given="These segments are a construction: they are {tighter_than_found}, and segments looked for in other draws "
        "of the customers, starting from these, move away from them{by}. They may be useful as rules, but the data did "
        "not draw these borders.{exceptions}",
        plain="{grouped} {rerun}, the segments come out differently: {least}, the least stable, stays only {overlap} the "
        "same. Take the {k} segments as a construction to organise work with, and expect their borders to move. "
        f"{MORE}",
        exhibit="A construction: in re-runs the least stable segment, {least}, overlaps with itself by only {overlap}",
        limit="With other customers of the same kind the segments would come out differently: do not build on their "
        "borders.",
    ),
    VerdictKind.NOT_JUDGED: VerdictWords(
        name="Not judged",
        title="Not judged: the segments may be natural groups or a useful cut of a continuum.",
        sentence="{opening}.",
        given="Of the {k} segments only the largest has customers enough in the re-runs to be judged.",
        plain="Whether these {k} segments are natural groups or a useful way to divide a continuum was not examined.",
        exhibit="{k} segments: {tighter} than copies without groups {against}",
        limit="Whether the segments are natural groups or a useful cut of a continuum has not been judged.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the templates are filled in with.

    Attributes:
        k: The number of segments.
        twins: The comparison with copies without groups; None where nothing was compared.
        least: How far the least stable segment overlaps with itself; None where that is not known.
        weakest: The name of that segment; empty while segments have no names.
        apart: The names of the segments with empty space around, in the words of the reader.
        opening: What the sentence begins with.
        exceptions: What is added about segments that stand apart although the others do not.
        islands: Customers in each island that is too small for a segment.
    """

    k: int
    twins: Twins | None = None
    least: float | None = None
    weakest: str = ""
    apart: Sequence[str] = ()
    opening: str = ""
    exceptions: str = ""
    islands: Sequence[int] = ()

    def fill(self, template: str) -> str:
        """The template with this in its places."""
        return template.format_map(self._slots())

    def _slots(self) -> dict[str, object]:
        """Every word that a template can ask for."""
        overlap = "" if self.least is None else f"{self.least:.0%}"
        return {
            "k": self.k,
            "opening": self.opening,
            "exceptions": self.exceptions,
            "least": self.weakest,
            "overlap": overlap,
            "loose": "" if self.least is None else f"{1 - self.least:.0%}",
            "by": f" ('{self.weakest}' overlaps with what comes back by only {overlap})" if overlap else "",
            **_continuum(self.islands),
            **self._compared(),
            **self._come_back(overlap),
            **self._standing(),
        }

    def _compared(self) -> dict[str, object]:
        """How tight the segments are, beside copies without groups."""
        if self.twins is None:
            return {}
        twins = self.twins
        tight, against = tighter(twins), f"({written(twins.silhouette)} against {written(twins.twin.mean)})"
        found = "looser" if twins.lift <= -LOOSER else tight
        much = tight.replace("far", "much")
        grouped = twins.lift >= twins.bar
        return {
            "tighter": tight,
            "against": against,
            "tighter_than_copies": f"{tight} than in copies of the data without groups {against}",
            "tighter_than_found": f"{found} than segments found in copies of the data without groups {against}",
            "than_chance": f"{much} than chance would produce",
            "nothing_else": NOTHING_ELSE if grouped else "",
            "found": "groups, but no dependable way to tell them apart"
            if grouped
            else "no natural or dependable grouping",
            "grouped": "Your customers are grouped to some degree, but who belongs where cannot be told dependably."
            if grouped
            else "We found no natural groups among your customers, and no dependable way to divide them either.",
        }

    def _come_back(self, overlap: str) -> dict[str, object]:
        """Whether the segments come back when everything is done again."""
        rerun = "When everything is re-run on random samples of your customers"
        if self.least is None or self.least >= WHOLE:
            return {
                "rerun": rerun,
                "back": "re-running on random samples found the same segments every time",
                "all_back": "every one comes back whole when the customers are drawn again",
                "again": f"{rerun}, every segment comes back whole.",
            }
        even = f"even the least stable overlaps with itself by {overlap}"
        return {
            "rerun": rerun,
            "back": f"every segment comes back in re-runs ({even})",
            "all_back": f"every one comes back when the customers are drawn again ({even})",
            "again": f"{rerun}, every segment comes back: even {self.weakest}, the least stable, stays {overlap} the same.",
        }

    def _standing(self) -> dict[str, object]:
        """Which segments stand apart, and what that means for those near a border."""
        apart = len(self.apart)
        stand = "stands" if apart == 1 else "stand"
        names = _all_of(self.apart)
        return {
            "apart": apart,
            "stand": stand,
            "names": names,
            "touch": _they_touch(apart),
            "most_touch": "most of the groups touch" if apart else "the groups touch",
            "no_space": f"{names} {stand} apart, with empty space around; customers near the other borders"
            if apart
            else "There is no empty space between them, though: customers near a border",
            "some_apart": f", {apart} of them apart" if apart else " that touch",
            "others_touch": "the others touch" if apart else "not apart",
        }


def _they_touch(apart: int) -> str:
    """What it means that segments touch, all but a few of them.

    >>> _they_touch(0)
    'they touch: customers near a border could go either way'
    """
    if not apart:
        return "they touch: customers near a border could go either way"
    stand = "stand" if apart > 1 else "stands"
    return (
        f"only {apart} of them {stand} apart with empty space around: customers near the other borders could go "
        "either way"
    )


def how_often_right(kind: VerdictKind, votes: int) -> str:
    """How often such a number was right on tables of known groups; nothing where there were too few of them."""
    rate = hit_rate(natural=kind is VerdictKind.NATURAL, votes=votes)
    if rate is None:
        return ""
    return f"Of {rate.tables} tables of known groups with evidence like this, {rate.right} had this number."


def quiet_sentence(quiet: Quiet, k: int) -> str:
    """Which measures have to do with nothing else, and what the verdict would be without them."""
    measures = f"{len(quiet.features)} of {quiet.of} measures ({_all_of(sorted(quiet.features))})"
    few = len(quiet.features) == 1
    have, them = ("has", "it") if few else ("have", "them")
    if quiet.k is None:
        return (
            f"{measures} {have} to do with nothing else, so there is little in these data to find groups by."
        )
    without = _segments(quiet.k) + ("" if quiet.k == 1 else f", {VERDICT_WORDS[quiet.kind].name.lower()}")
    return (
        f"{measures} {have} to do with nothing else. Without {them}: {without}. With {them}: {_segments(k)}."
    )


def _segments(k: int) -> str:
    return "one audience" if k == 1 else f"{k} segments"


def shape_sentence(shape: Shape) -> str:
    """That another algorithm, or another number, finds islands which the segments cut through."""
    again = "all" if shape.same == shape.reruns else f"{shape.same} of {shape.reruns}"
    if shape.is_number:
        return f"K-means with {shape.k} segments finds islands with empty space between them: choose k = {shape.k}."
    return (
        f"The groups are not round: K-means cuts through connected bodies. HDBSCAN finds {shape.k} groups with empty "
        f"space between them ({shape.coverage:.0%} of customers, {again} re-runs): choose algorithm = hdbscan."
    )


def island_sentence(sizes: Sequence[int]) -> str:
    """That a few customers stand far from everybody else, without the full stop.

    >>> island_sentence([17])
    '17 customers stand far apart from everybody else, too few for a segment: look at them by hand'
    """
    several = " and ".join(f"{size:,}" for size in sizes)
    where = "" if len(sizes) == 1 else f", in {len(sizes)} places"
    return f"{several} customers stand far apart from everybody else{where}, too few for a segment: look at them by hand"


def _continuum(islands: Sequence[int]) -> dict[str, object]:
    """How a cut's customers lie; it is not said that there are no islands where there is a small one."""
    if not islands:
        return {
            "not_islands": ", not islands",
            "continuum": "Your customers form a continuum, not islands",
            "plain_continuum": "Your customers form a continuum, not separate groups",
        }
    apart = f"{island_sentence(islands)}. Apart from them, your customers form a continuum"
    return {"not_islands": "", "continuum": apart, "plain_continuum": apart}


def way_between(first: str, second: str, thinness: float) -> str:
    """What the way between two segments is like; nothing where it was not measured.

    >>> way_between("Gold", "Silver", 0.12)
    'At its thinnest, the way between Gold and Silver is 12% as crowded as where their customers live.'
    >>> way_between("Gold", "Silver", 0.9)
    'Gold and Silver are one connected body, so the border between them is ours.'
    """
    if not isfinite(thinness):
        return ""
    if thinness >= CONNECTED:
        return f"{first} and {second} are one connected body, so the border between them is ours."
    part = "less than 1%" if thinness < LEAST_SHARE else f"{thinness:.0%}"
    return (
        f"At its thinnest, the way between {first} and {second} is {part} as crowded as where their customers "
        "live."
    )


MOST_NAMES = 4
"""Names that a sentence takes; those beyond it are counted."""


def _all_of(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> _all_of(["Gold", "Silver"]), _all_of(["a", "b", "c", "d", "e"])
    ('Gold and Silver', 'a, b, c, d and 1 more')
    """
    first, left = list(names[:MOST_NAMES]), len(names) - MOST_NAMES
    last = f"{left} more" if left > 0 else first.pop() if first else "None"
    return f"{', '.join(first)} and {last}" if first else last


def tighter(twins: Twins) -> str:
    """How much tighter than copies without groups: from the rule's bar on slightly, or more."""
    steps = (
        (FAR, "far tighter"),
        (CLEAR_LIFT, "tighter"),
        (twins.bar, "slightly tighter"),
        (NOTHING, "hardly tighter"),
    )
    return next(
        (words for least, words in steps if isfinite(twins.lift) and twins.lift >= least), "no tighter"
    )


def written(silhouette: float) -> str:
    """A silhouette as sentences write it.

    >>> written(0.613), written(-0.04)
    ('0.61', '−0.04')
    """
    return f"{silhouette:.2f}".replace("-", "−")
