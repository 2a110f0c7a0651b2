"""Missing values and data quality, column by column."""

from collections.abc import Sequence

from segmentry.records.audit import Severity
from segmentry.records.exploration import ColumnQuality, MissingBlock
from segmentry.records.run import Survey
from segmentry.views.charts.captions import short_label, survey_foot
from segmentry.views.drawing.figure import Figure, Rows, chunks, pages
from segmentry.views.drawing.marks import Bar, HairLine, Mark, Words
from segmentry.views.drawing.theme import (
    BODY,
    GRID,
    HEADING,
    INK,
    INNER,
    LEFT,
    PALETTE,
    QUIET,
    RIGHT,
    SMALL,
    dark,
)
from segmentry.views.words.numbers import count, plural, share
from segmentry.views.words.text import clean, label, shorten, wrap

PER_PAGE, ROW, HEAD = 20, 28, 38
NAME, ROLE, GAPS, GAPS_END, PERCENT, DISTINCT, COMMONEST = LEFT, 252, 420, 510, 562, 644, RIGHT
MOST_BLOCKS, MOST_FINDINGS = 4, 4
WARNING = PALETTE[1]


def eda_2(survey: Survey) -> tuple[Figure, ...]:
    """The state of every column, which gaps go together, and what the audit found."""
    found = survey.exploration.columns
    return pages([_page(survey, part, last=part[-1:] == found[-1:]) for part in chunks(found, PER_PAGE)])


def headline(survey: Survey) -> str:
    """How much is missing and where most of it is."""
    found = survey.exploration
    gaps = sum(column.missing for column in found.columns)
    cells = found.rows * len(found.columns)
    if not gaps:
        return f"Nothing is missing: {plural(found.rows, 'customer')}, {plural(len(found.columns), 'column')}, all complete"
    top = max(found.columns, key=lambda column: column.missing)
    most = f"{short_label(top.name)} ({share(top.missing / found.rows)})"
    return f"{share(gaps / cells)} of all values are missing, most often {most}"


def _page(survey: Survey, found: Sequence[ColumnQuality], *, last: bool) -> Figure:
    rows = survey.exploration.rows
    marks = _header()
    for i, one in enumerate(found):
        marks += _row(one, HEAD + ROW * i, rows)
    height: float = HEAD + ROW * len(found)
    if last:
        for title, lines in (
            ("Missing together", _blocks(survey)),
            ("What the audit found", _findings(survey)),
        ):
            more, height = _notes(title, lines, height)
            marks += more
    title = headline(survey)
    return Figure(
        name="EDA_2",
        title=title,
        subtitle=f"The state of each column of {clean(survey.source.name)[:80]}; "
        f"the audit's verdict: {survey.audit.readiness.lower()}",
        foot=survey_foot(survey),
        alt=f"A table of {plural(len(found), 'column')} with their missing values. {title}.",
        marks=tuple(marks),
        height=height,
        data=_data(found),
    )


def _header() -> list[Mark]:
    heads = (
        (NAME, "Column", "left"),
        (ROLE, "Part it plays", "left"),
        (GAPS, "Missing", "left"),
        (DISTINCT, "Distinct", "right"),
        (COMMONEST, "Commonest value", "right"),
    )
    words: list[Mark] = [
        Words(x=x, y=12, text=text, size=SMALL, colour=QUIET, align=align) for x, text, align in heads
    ]
    return [*words, HairLine(x=LEFT, x2=RIGHT, y=22, y2=22, colour=INK)]


def _row(quality: ColumnQuality, top: float, rows: int) -> list[Mark]:
    base = top + BODY
    gaps = quality.missing / rows if rows else 0.0
    ink = dark(WARNING) if gaps else QUIET
    name = shorten(label(quality.name), ROLE - NAME - 16, BODY)
    role = shorten(f"{label(quality.role)}, {label(quality.kind)}", GAPS - ROLE - 12, SMALL)
    marks: list[Mark] = [
        Words(x=NAME, y=base, text=name),
        Words(x=ROLE, y=base, text=role, size=SMALL, colour=QUIET),
        Bar(x=GAPS, x2=GAPS_END, y=base - 9, y2=base, colour=GRID),
        Words(x=PERCENT, y=base, text=share(gaps), align="right", colour=ink, strong=gaps > 0),
        Words(x=DISTINCT, y=base, text=count(quality.distinct), align="right"),
        Words(x=COMMONEST, y=base, text=share(quality.top_share), align="right"),
    ]
    if gaps:
        end = max(GAPS + (GAPS_END - GAPS) * gaps, GAPS + 2)
        marks.append(Bar(x=GAPS, x2=end, y=base - 9, y2=base, colour=WARNING))
    return marks


def _notes(title: str, lines: Sequence[str], top: float) -> tuple[list[Mark], float]:
    if not lines:
        return [], top
    marks: list[Mark] = [
        Words(x=LEFT, y=top + 30, text=title, size=HEADING, strong=True),
    ]
    y = top + 30
    for line in lines:
        for part in wrap(line, INNER, BODY):
            y += 20
            marks.append(Words(x=LEFT, y=y, text=part))
    return marks, y + 10


def _blocks(survey: Survey) -> list[str]:
    together = [block for block in survey.exploration.missing_blocks if len(block.columns) > 1]
    return [_block(block) for block in together[:MOST_BLOCKS]]


def _block(block: MissingBlock) -> str:
    names = [shorten(label(name), 200, BODY) for name in block.columns[:3]]
    more = f" and {len(block.columns) - 3} more" if len(block.columns) > len(names) else ""
    return f"{', '.join(names)}{more}: {plural(block.rows, 'customer')}"


def _findings(survey: Survey) -> list[str]:
    worrying = [finding for finding in survey.audit.findings if finding.severity is not Severity.INFO]
    return [f"{one.rule}: {clean(one.sentence)}" for one in worrying[:MOST_FINDINGS]]


def _data(found: Sequence[ColumnQuality]) -> Rows:
    return tuple(
        {
            "column": one.name,
            "role": one.role,
            "kind": one.kind,
            "missing": one.missing,
            "distinct": one.distinct,
            "top_share": one.top_share,
        }
        for one in found
    )
