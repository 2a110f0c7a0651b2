"""The whole result in one picture: names, shares, defining traits and the map."""

from collections.abc import Sequence
from dataclasses import replace

from segmentry.records.run import Run
from segmentry.records.segment import FeatureProfile, Segment
from segmentry.views.charts.captions import Tag, run_foot, tags
from segmentry.views.charts.cluster_prof import ProfileColumn, columns_of
from segmentry.views.charts.maps import crowd, directions, names
from segmentry.views.charts.segment_sizes import headline as sizes_headline
from segmentry.views.charts.short_names import short_name
from segmentry.views.drawing.figure import Body, Figure, Rows, chunks, pages
from segmentry.views.drawing.marks import Bar, Mark, Words
from segmentry.views.drawing.panels import PHONE, Panel
from segmentry.views.drawing.theme import BODY, GRID, HEADING, LEFT, PALETTE, QUIET, RIGHT, SMALL
from segmentry.views.words.numbers import share
from segmentry.views.words.text import clean, whole_sentences

CARD, SPLIT, MAP_LEFT, MAP_TALL = 132, 400, 440, 260
PER_PAGE, FEW_CARDS, TALL_MAP = 6, 3, 380
TRAITS, TRAIT_ROOM, TRAIT_NUMBERS, NAME_ROOM = 3, 220, 136, 150
BAR_START, BAR_END, ABOVE_MAP = 108, 290, 34


def final(run: Run) -> tuple[Figure, ...]:
    """A card a segment beside the map; six cards a page."""
    return pages([_page(run, part, first=part[0].number == 1) for part in chunks(run.segments, PER_PAGE)])


def headline(run: Run) -> str:
    """How many segments, and the size of the one that matters most."""
    return sizes_headline(run) if run.k == 1 else f"{run.k} segments. {sizes_headline(run)}"


def _page(run: Run, segments: Sequence[Segment], *, first: bool) -> Figure:
    cards, phone = _cards(run, segments, SPLIT - LEFT), _cards(run, segments, PHONE.width)
    body = cards
    if first:
        body = _joined(
            cards, _map(run, Panel(left=MAP_LEFT, top=12, width=RIGHT - MAP_LEFT, height=_tall(run)))
        )
        below = Panel(left=LEFT, top=phone.height + ABOVE_MAP, width=PHONE.width, height=PHONE.width)
        phone = _joined(phone, _map(run, below))
    title = headline(run)
    return Figure(
        name="final",
        title=title,
        subtitle="Who the segments are: their size, their value and what sets them apart from all customers",
        foot=run_foot(run),
        alt=f"A summary of {run.k} segments with names, shares, traits and a map. {title}.",
        marks=body.marks,
        height=body.height,
        data=_rows(run),
        phone=phone,
    )


def _joined(one: Body, other: Body) -> Body:
    return Body(marks=(*one.marks, *other.marks), height=max(one.height, other.height))


def _tall(run: Run) -> float:
    """The height of the map beside the cards."""
    return MAP_TALL if run.k <= FEW_CARDS else TALL_MAP


def _cards(run: Run, segments: Sequence[Segment], room: float) -> Body:
    named = tags(run)
    marks: list[Mark] = []
    for i, segment in enumerate(segments):
        marks += _card(
            run, segment, named[segment.number - 1], Panel(left=LEFT, top=CARD * i, width=room, height=CARD)
        )
    return Body(marks=tuple(marks), height=CARD * len(segments) - 14)


def _card(run: Run, segment: Segment, tag: Tag, panel: Panel) -> list[Mark]:
    top = panel.top
    marks: list[Mark] = [
        Bar(x=LEFT, x2=LEFT + 5, y=top, y2=top + CARD - 20, colour=tag.colour, radius=2),
        Words(
            x=LEFT + 16,
            y=top + 12,
            text=_numbered(run, tag).fit(panel.width - 20, HEADING, bold=True),
            size=HEADING,
            strong=True,
            colour=tag.ink,
        ),
        *_bar("customers", segment.share, tag, top + 32),
    ]
    if segment.value_share is not None:
        marks += _bar("value", segment.value_share, tag, top + 50)
    first = top + (72 if segment.value_share is not None else 54)
    for i, text in enumerate(_traits(run, segment, min(TRAIT_ROOM, panel.width - TRAIT_NUMBERS))):
        marks.append(Words(x=LEFT + 16, y=first + 17 * i, text=text, size=SMALL))
    return marks


def _numbered(run: Run, tag: Tag) -> Tag:
    """Beyond eight segments the map has numbers, and so have the names."""
    return tag if run.k <= len(PALETTE) else replace(tag, name=f"{tag.number}  {tag.name}")


def _bar(text: str, part: float, tag: Tag, base: float) -> list[Mark]:
    end = BAR_START + (BAR_END - BAR_START) * part
    return [
        Words(x=LEFT + 16, y=base, text=text, size=SMALL, colour=QUIET),
        Bar(x=BAR_START, x2=BAR_END, y=base - 9, y2=base, colour=GRID),
        Bar(x=BAR_START, x2=max(end, BAR_START + 1), y=base - 9, y2=base, colour=tag.colour),
        Words(x=BAR_END + 46, y=base, text=share(part), strong=True, align="right", colour=tag.ink),
    ]


def _traits(run: Run, segment: Segment, room: float = TRAIT_ROOM) -> list[str]:
    """The strongest markers in their own units against the mean of all customers."""
    columns = {column.everybody.feature: column for column in columns_of(run)}
    ranked = segment.markers or tuple(sorted(segment.features, key=lambda feature: -feature.importance))
    return [
        _trait(one, columns[one.feature], short_name(one.feature, columns, room, SMALL), alone=run.k == 1)
        for one in ranked[:TRAITS]
    ]


def _trait(profile: FeatureProfile, column: ProfileColumn, name: str, *, alone: bool) -> str:
    if alone:
        return f"{name}: {column.write(profile.mean)} on average"
    arrow = "↑" if profile.mean >= column.everybody.mean else "↓"
    return f"{arrow} {name} {column.write(profile.mean)} (all: {column.write(column.everybody.mean)})"


def _map(run: Run, panel: Panel) -> Body:
    named = tags(run)
    marks = crowd(run.map, panel, [tag.colour for tag in named])
    shown = named if run.k <= len(PALETTE) else tuple(replace(tag, name=str(tag.number)) for tag in named)
    marks += names(run.map, panel, shown, min(NAME_ROOM, panel.width * 0.45)) + directions(run.map, panel)
    y = panel.bottom + 52
    for line in whole_sentences(clean(run.verdict.sentence), panel.width, BODY, lines=5):
        marks.append(Words(x=panel.left, y=y, text=line))
        y += 19
    return Body(marks=tuple(marks), height=y)


def _rows(run: Run) -> Rows:
    return tuple(
        {
            "segment": segment.name,
            "number": segment.number,
            "customers": segment.customers,
            "share": segment.share,
            "value_share": segment.value_share,
            "traits": "; ".join(_traits(run, segment)),
        }
        for segment in run.segments
    )
