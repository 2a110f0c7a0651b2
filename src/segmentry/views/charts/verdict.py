"""The verdict's three exhibits: tighter than chance? do the segments come back? is there space between them?"""

from collections.abc import Sequence
from math import isfinite

from segmentry.records.evidence import LEVEL, Border, Resampled, SegmentStability, Twins
from segmentry.records.run import Run
from segmentry.stages.choose.verdict_words import VERDICT_WORDS, WHOLE, Measured, tighter, way_between
from segmentry.views.charts.captions import Tag, run_foot, tags
from segmentry.views.charts.stability_words import (
    DOUBTFUL,
    HIGHLY,
    STABLE,
    reading,
    reruns,
    seen,
    twins_of,
    worst,
)
from segmentry.views.drawing.axes import apart, beside
from segmentry.views.drawing.figure import Body, Figure, Rows
from segmentry.views.drawing.histograms import outline
from segmentry.views.drawing.marks import Area, Bar, Dot, HairLine, Line, Mark, Plate, Words
from segmentry.views.drawing.panels import BROAD, PHONE, Panel, Sheet
from segmentry.views.drawing.scales import Scale
from segmentry.views.drawing.theme import (
    ACCENT,
    BODY,
    GHOST,
    GRID,
    HEADING,
    INK,
    LEFT,
    PAPER,
    QUIET,
    RULE,
    SMALL,
    UNASSIGNED,
    blend,
    dark,
)
from segmentry.views.words.numbers import plural, ratio, share
from segmentry.views.words.text import shorten, width, wrap

HEAD, LINE, LEAST, STEP = 66, 17, 168, 21
AXIS, UNDER, NAMES, VALUE = 40, 44, 150, 46
BETWEEN, RIDGE, MOST = 34, 48, 8
LOWEST = 0.5

PAIR = 18 + RIDGE + 22
PALE = 0.55

Known = Sequence[tuple[int, Twins]]


def verdict(run: Run) -> tuple[Figure, ...]:
    """Three small exhibits that a verdict rests on; a sentence for each that there is nothing to show of."""
    compared = [(row.k, found) for row in run.evidence.judged if (found := twins_of(row))]
    title = headline(run)
    body = _sheet(run, compared, BROAD)
    figure = Figure(
        name="verdict",
        title=title,
        subtitle="The three questions behind the verdict: is there more than chance, do the segments come back"
        " when the customers are drawn again, and is there empty space between neighbours",
        foot=run_foot(run, reruns(run)),
        alt=f"Three exhibits: silhouettes beside those of copies without groups, how well each segment comes"
        f" back, and the space between neighbours. {title}.",
        marks=body.marks,
        height=body.height,
        data=_rows(run, compared),
        phone=_sheet(run, compared, PHONE),
    )
    return (figure,)


def headline(run: Run) -> str:
    """What kind of segments these are, with the number that says so."""
    found = seen(run)
    if found is None:
        return _alone(run)
    least = worst(found)
    measured = Measured(
        k=run.k,
        twins=found.twins,
        least=least.jaccard.mean,
        weakest=tags(run)[least.segment].title,
        apart=[run.segments[segment.segment].name for segment in found.segments if segment.separated],
    )
    return measured.fill(VERDICT_WORDS[run.verdict.kind].exhibit)


def _alone(run: Run) -> str:
    """The title where nothing is known of the shipped segments."""
    compared = [(row.k, twins) for row in run.evidence.judged if (twins := twins_of(row))]
    what = "One audience" if run.k == 1 else plural(run.k, "segment")
    if not compared:
        return f"{what}: nothing was run again, so nothing is judged"
    k, twins = max(compared, key=lambda one: one[1].lift)
    against = f"({ratio(twins.silhouette)} against {ratio(twins.twin.mean)})"
    return f"{what}: at best, {k} segments would be {tighter(twins)} than copies without groups {against}"


def _sheet(run: Run, compared: Known, sheet: Sheet) -> Body:
    found = seen(run)
    if not compared:
        text = "Nothing was run again for this number of segments, so there is nothing to compare it with."
        lines = wrap(text, sheet.width, BODY, lines=4)
        words = [Words(x=LEFT, y=12 + 18 * i, text=line) for i, line in enumerate(lines)]
        return Body(marks=tuple(words), height=20 + 18 * (len(lines) - 1))
    plot = max(LEAST, STEP * len(found.segments) + 8) if found else LEAST
    above = sheet.grid(2 if found else 1, HEAD + plot + UNDER, gap=44, row_gap=BETWEEN)
    first, *right = above.panels((0, 1) if found else (0,))
    marks = _twins(run, compared, first, plot)
    if found is None:
        lines = wrap(_without(run), sheet.width, BODY, lines=4)
        below = first.bottom + BETWEEN
        words = [Words(x=first.left, y=below + 18 * i, text=line) for i, line in enumerate(lines)]
        return Body(marks=(*marks, *words), height=below + 18 * (len(lines) - 1))
    marks += _jaccards(run, found, right[0], plot)
    top = right[0].bottom + BETWEEN
    space = _space(run, found, top, sheet)
    return Body(marks=(*marks, *space.marks), height=top + space.height)


def _title(panel: Panel, question: str, answer: str, note: str = "") -> list[Mark]:
    lines = [*wrap(answer, panel.width, SMALL, lines=2 if not note else 1), *([note] if note else [])]
    marks: list[Mark] = [
        Words(x=panel.left, y=panel.top + 12, text=question, size=HEADING, strong=True),
    ]
    return marks + [
        Words(x=panel.left, y=panel.top + 14 + LINE * i, text=line, size=SMALL, colour=QUIET)
        for i, line in enumerate(lines, 1)
    ]


# ------------------------------------------------------------------- first exhibit: real beside twin


def _twins(run: Run, compared: Known, panel: Panel, plot: float) -> list[Mark]:
    top, bottom = panel.top + HEAD, panel.top + HEAD + plot
    ks = [k for k, _ in compared]
    across = Scale(low=ks[0], high=max(ks[-1], ks[0] + 1), start=panel.left + AXIS + 14, end=panel.right - 14)
    ends = [end for _, one in compared for end in (one.silhouette, one.twin.low, one.twin.high)]
    low, high = min(0.0, *ends), max(ends)
    up = Scale(low=low, high=high + 0.36 * (high - low or 1.0), start=bottom, end=top)
    closer = "Silhouette: own segment against the next one"
    marks = _title(panel, "1  Tighter than chance?", _is_tighter(run, compared), closer)
    marks += beside(up, panel.left + AXIS, panel.right, about=5)
    marks.append(HairLine(x=panel.left + AXIS, x2=panel.right, y=bottom, y2=bottom, colour=RULE))
    marks += _curves(compared, across, up)
    chosen = next((one for one in compared if one[0] == run.k), None)
    if chosen is not None:
        marks += _chosen(chosen[1], across.at(run.k), up)
    marks += [
        Words(
            x=across.at(k),
            y=bottom + 18,
            text=str(k),
            size=SMALL,
            strong=k == run.k,
            colour=dark(ACCENT) if k == run.k else QUIET,
            align="center",
        )
        for k in ks
    ]
    middle = (panel.left + AXIS + panel.right) / 2
    return [
        *marks,
        Words(x=middle, y=bottom + 37, text="Number of segments", size=SMALL, colour=QUIET, align="center"),
        *_key(panel.left + AXIS + 4, top + 6),
    ]


def _is_tighter(run: Run, compared: Known) -> str:
    k, twins = next((one for one in compared if one[0] == run.k), max(compared, key=lambda one: one[1].lift))
    against = f"{ratio(twins.silhouette)} against {ratio(twins.twin.mean)} in copies without groups"
    answer = "Yes" if twins.lift >= twins.bar else "No"
    at = "" if k == run.k else f" with {k} segments"
    return f"{answer}, {tighter(twins)}{at}: {against}"


def _key(x: float, y: float) -> list[Mark]:
    """What the two lines are."""
    next_line = x + 24 + width("Your customers", SMALL) + 16
    return [
        Line(points=((x, y - 4), (x + 18, y - 4)), colour=ACCENT),
        Words(x=x + 24, y=y, text="Your customers", size=SMALL, colour=dark(ACCENT)),
        Area(points=((next_line, y - 9, y + 1), (next_line + 18, y - 9, y + 1)), colour=GHOST),
        Line(points=((next_line, y - 4), (next_line + 18, y - 4)), colour=UNASSIGNED),
        Words(x=next_line + 24, y=y, text="Copies without groups", size=SMALL, colour=QUIET),
    ]


def _curves(compared: Known, across: Scale, up: Scale) -> list[Mark]:
    if len(compared) == 1:
        k, one = compared[0]
        x = across.at(k)
        return [Bar(x=x - 7, x2=x + 7, y=up.at(one.twin.high), y2=up.at(one.twin.low), colour=GHOST)]
    band = tuple((across.at(k), up.at(one.twin.low), up.at(one.twin.high)) for k, one in compared)
    return [
        Area(points=band, colour=GHOST),
        Line(points=tuple((across.at(k), up.at(one.twin.mean)) for k, one in compared), colour=UNASSIGNED),
        Line(points=tuple((across.at(k), up.at(one.silhouette)) for k, one in compared), colour=ACCENT),
    ]


def _chosen(twins: Twins, x: float, up: Scale) -> list[Mark]:
    """The chosen number in both lines, the higher value above and the lower below."""
    places = ((twins.silhouette, ACCENT), (twins.twin.mean, UNASSIGNED))
    higher = max(places)
    marks: list[Mark] = [
        HairLine(x=x, x2=x, y=up.end + 12, y2=up.start, colour=RULE, dashed=True),
    ]
    for value, colour in places:
        y = up.at(value)
        over = (value, colour) == higher
        base = y - 12 if over else min(y + 24, up.start - 4)
        text = ratio(value)
        half = width(text, BODY, bold=True) / 2 + 3
        marks += [
            Dot(x=x, y=y, radius=5.5, colour=colour, tip=f"Silhouette {text}"),
            Plate(x=x - half, x2=x + half, y=base - 12, y2=base + 3),
            Words(x=x, y=base, text=text, strong=True, colour=dark(colour), align="center"),
        ]
    return marks


# --------------------------------------------------------------- second exhibit: do they come back?


def _jaccards(run: Run, found: Resampled, panel: Panel, plot: float) -> list[Mark]:
    named = tags(run)
    least = worst(found)
    answer = _come_back(least, named[least.segment])
    top, bottom = panel.top + HEAD, panel.top + HEAD + plot
    room = min(NAMES, max(width(tag.starred, SMALL, bold=True) + 4 for tag in named))
    lowest = min(LOWEST, *(segment.jaccard.low for segment in found.segments))
    scale = Scale(low=max(0.0, lowest), high=1.0, start=panel.left + room + 12, end=panel.right - VALUE)
    marks = [*_title(panel, "2  Do the segments come back?", answer), *_bounds(scale, top, bottom)]
    text = "Overlap: 0.6 doubtful, 0.8 stable, 0.85 highly stable"
    marks.append(Words(x=panel.right, y=bottom + 37, text=text, size=SMALL, colour=QUIET, align="right"))
    step = plot / len(found.segments)
    for i, segment in enumerate(found.segments):
        marks += _overlap(
            segment, named[segment.segment], scale, (top + step * (i + 0.5), room, segment is least)
        )
    return marks


def _bounds(scale: Scale, top: float, bottom: float) -> list[Mark]:
    """From where on a segment can be relied on; of labels that would touch, the more important stay."""
    bounds = (STABLE, DOUBTFUL, 1.0, HIGHLY)
    places, texts = [scale.at(bound) for bound in bounds], [f"{bound:g}" for bound in bounds]
    marks: list[Mark] = [
        HairLine(x=x, x2=x, y=top, y2=bottom, colour=GRID if bound == 1 else RULE, dashed=bound < 1)
        for bound, x in zip(bounds, places, strict=True)
    ]
    return marks + [
        Words(x=places[i], y=bottom + 18, text=texts[i], size=SMALL, colour=QUIET, align="center")
        for i in apart(places, texts)
    ]


def _come_back(least: SegmentStability, tag: Tag) -> str:
    if least.jaccard.mean >= WHOLE:
        return "Yes: every segment comes back whole"
    overlap = share(least.jaccard.mean)
    return f"{_yes(least)}: the least stable, {tag.title}, overlaps with itself by {overlap}"


def _yes(least: SegmentStability) -> str:
    if least.jaccard.mean >= STABLE:
        return "Yes"
    return "In part" if least.jaccard.mean >= DOUBTFUL else "No"


def _overlap(
    stability: SegmentStability, tag: Tag, scale: Scale, place: tuple[float, float, bool]
) -> list[Mark]:
    y, room, marked = place
    base = y + SMALL * 0.36
    left = scale.start - room - 12
    text = tag.fit(room, SMALL, bold=marked)
    return [
        Words(x=left, y=base, text=text, size=SMALL, strong=marked, colour=tag.ink),
        HairLine(
            x=scale.at(stability.jaccard.low),
            x2=scale.at(stability.jaccard.high),
            y=y,
            y2=y,
            colour=blend(tag.colour, PAPER, PALE),
            thick=4,
        ),
        Dot(
            x=scale.at(stability.jaccard.mean),
            y=y,
            radius=6 if marked else 4.5,
            colour=tag.colour,
            tip=f"{tag.name}: overlap {ratio(stability.jaccard.mean)}, {reading(stability.jaccard.mean)}",
        ),
        Words(
            x=scale.end + VALUE,
            y=base,
            text=ratio(stability.jaccard.mean),
            size=SMALL,
            strong=marked,
            colour=tag.ink,
            align="right",
        ),
    ]


def _without(run: Run) -> str:
    if run.k == 1:
        return "With one audience there are no segments that could come back, or touch."
    return f"Nothing was run again for {plural(run.k, 'segment')}: whether they come back, or touch, is open."


# ----------------------------------------------------------- third exhibit: space between neighbours


def _space(run: Run, found: Resampled, top: float, sheet: Sheet) -> Body:
    panel = Panel(left=LEFT, top=top, width=sheet.width, height=HEAD)
    question = "3  Is there empty space between neighbours?"
    shown = fullest(found.borders)
    if not shown:
        none = "No two segments share enough customers to be neighbours"
        return Body(marks=tuple(_title(panel, question, none)), height=HEAD - LINE)
    marks = _title(panel, question, _is_empty(found.borders, shown))
    grid = sheet.grid(2, PAIR, gap=44, row_gap=20)
    named = tags(run)
    for one, at in zip(shown, grid.panels(shown), strict=True):
        place = Panel(left=at.left, top=at.top + top + HEAD, width=at.width, height=at.height)
        marks += _ridge(one, named[one.first], named[one.second], place)
    return Body(marks=tuple(marks), height=HEAD + grid.total(shown))


def fullest(borders: Sequence[Border]) -> tuple[Border, ...]:
    """The borders that most customers are at, in the order of the segments."""
    kept = sorted(borders, key=lambda border: -border.customers)[:MOST]
    return tuple(sorted(kept, key=lambda one: (one.first, one.second)))


def _is_empty(borders: Sequence[Border], shown: Sequence[Border]) -> str:
    empty = sum(border.empty for border in borders)
    answer = "Yes" if empty == len(borders) else "No" if not empty else "In part"
    left = f"; shown are the {len(shown)} with most customers" if len(shown) < len(borders) else ""
    lie = "how customers lie from one segment's middle to the other's"
    return f"{answer}: {empty} of {plural(len(borders), 'border')} {_are(empty)} empty. Each shape is {lie}{left}"


def _are(amount: int) -> str:
    return "is" if amount == 1 else "are"


def _between(border: Border) -> str:
    """What is known to lie between two segments; a gap that few customers show is not denied."""
    return "empty space" if border.empty else "no clear gap"


def _ridge(border: Border, first: Tag, second: Tag, panel: Panel) -> list[Mark]:
    """The customers between two middles, each half in the colour of its segment."""
    base, top = panel.top + 18 + RIDGE, panel.top + 18
    # The outermost bins hold everybody beyond, which would look like one more hump.
    ends, counts = border.places[1:-1], border.counts[1:-1]
    scale = Scale(low=float(ends[0]), high=float(ends[-1]), start=panel.left, end=panel.right)
    body = Panel(left=panel.left, top=top, width=panel.width, height=RIDGE)
    highest = max(float(counts.max(initial=0)), 1.0)
    places = [scale.at(float(place)) for place in ends]
    half = next((i for i, place in enumerate(ends) if place >= 0), len(counts))
    other = second.colour if second.colour != first.colour else blend(second.colour, PAPER, PALE)
    room = panel.width / 2 - 8
    middle = scale.at(0.0)
    shape: list[Mark] = [
        outline(places[: half + 1], counts[:half] / highest, body, first.colour, 0.85),
        outline(places[half:], counts[half:] / highest, body, other, 0.85),
        HairLine(x=panel.left, x2=panel.right, y=base, y2=base, colour=RULE),
        HairLine(x=middle, x2=middle, y=top, y2=base + 5, colour=INK, dashed=True),
    ]
    if _leads_round(border):
        shape = _way(border, first, second, body)
    return [
        *shape,
        Words(x=panel.left, y=panel.top + 10, text=first.fit(room, SMALL), size=SMALL, colour=first.ink),
        Words(
            x=panel.right,
            y=panel.top + 10,
            text=second.fit(room, SMALL),
            size=SMALL,
            colour=second.ink,
            align="right",
        ),
        Words(
            x=middle,
            y=base + 19,
            text=_between(border),
            size=SMALL,
            strong=border.empty,
            colour=INK if border.empty else QUIET,
            align="center",
        ),
        Words(
            x=panel.right,
            y=base + 19,
            text=shorten(plural(int(border.counts.sum()), "customer"), room - 40, SMALL),
            size=SMALL,
            colour=QUIET,
            align="right",
        ),
    ]


def _leads_round(border: Border) -> bool:
    """Whether a crowded way joins the two although the straight line between them looks empty."""
    return border.p_holm < LEVEL and not border.empty and isfinite(border.thinness)


def _way(border: Border, first: Tag, second: Tag, body: Panel) -> list[Mark]:
    """In place of the straight line: what the best way between the two is like, in words."""
    said = way_between(first.name, second.name, border.thinness)
    lines = wrap(said, body.width, SMALL, lines=3)
    return [
        Words(x=body.left, y=body.top + 12 + LINE * at, text=line, size=SMALL, colour=QUIET)
        for at, line in enumerate(lines)
    ]


# ------------------------------------------------------------------------- the numbers behind it


def _rows(run: Run, compared: Known) -> Rows:
    rows: list[dict[str, object]] = []
    for k, one in compared:
        own = {"exhibit": "tighter than chance", "k": k, "segment": "", "neighbour": ""}
        twin = one.twin
        rows += [
            {**own, "measure": "silhouette", "value": one.silhouette, "low": None, "high": None},
            {
                **own,
                "measure": "silhouette of copies",
                "value": twin.mean,
                "low": twin.low,
                "high": twin.high,
            },
        ]
    found = seen(run)
    return (*rows, *(_parts(run, found) if found else ()))


def _parts(run: Run, found: Resampled) -> list[dict[str, object]]:
    names = [segment.name for segment in run.segments]
    back: list[dict[str, object]] = [
        {
            "exhibit": "come back",
            "k": run.k,
            "segment": names[segment.segment],
            "neighbour": "",
            "measure": f"Jaccard: {reading(segment.jaccard.mean)}",
            "value": segment.jaccard.mean,
            "low": segment.jaccard.low,
            "high": segment.jaccard.high,
        }
        for segment in found.segments
    ]
    space: list[dict[str, object]] = [
        {
            "exhibit": "space between",
            "k": run.k,
            "segment": names[border.first],
            "neighbour": names[border.second],
            "measure": f"p of one hump: {_between(border)}",
            "value": border.p_holm if isfinite(border.p_holm) else None,
            "low": None,
            "high": None,
        }
        for border in found.borders
    ]
    return back + space
