"""The pages put together: templates lay out, Python has already said everything."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from jinja2 import Environment
from markupsafe import Markup

from segmentry.records.run import Run, Survey
from segmentry.views.charts.catalog import Section
from segmentry.views.drawing.theme import PALETTE, dark
from segmentry.views.report import gallery
from segmentry.views.report.gallery import Figures
from segmentry.views.topics.choice import choice
from segmentry.views.topics.layout import environment
from segmentry.views.topics.method import run_method, survey_method
from segmentry.views.topics.opening import exploration_opening, opening
from segmentry.views.topics.quality import quality, run_quality
from segmentry.views.topics.reasons import besides, rule_card
from segmentry.views.topics.segments import overview, portraits
from segmentry.views.topics.strategy import needed_settings, orphans, strategy_pages
from segmentry.views.topics.targeting import target_table


def report_html(run: Run, figures: Figures) -> str:
    """The whole run on one page that fetches nothing and runs nothing.

    Args:
        run: The run.
        figures: The pages of each figure, by the figure's name; one that is missing is left out.
    """
    return page(
        "report.html",
        {
            "opening": opening(run),
            "overview": overview(run),
            "portraits": portraits(run),
            "rule": rule_card(run),
            "besides": besides(run),
            "strategies": strategy_pages(run),
            "needed_settings": needed_settings(run),
            "orphans": orphans(run),
            "targets": target_table(run),
            "choice": choice(run),
            "quality": run_quality(run),
            "method": run_method(run),
            "k": run.k,
            "summary_pictures": gallery.section(figures, Section.SUMMARY),
            "side_by_side": gallery.section(figures, Section.SIDE_BY_SIDE),
            "segment_pictures": gallery.section(figures, Section.SEGMENTS) + gallery.others(figures),
            "target_pictures": gallery.section(figures, Section.TARGETS),
            "choice_pictures": gallery.section(figures, Section.CHOICE),
            "algorithm_pictures": gallery.section(figures, Section.ALGORITHMS),
            "other_pictures": gallery.section(figures, Section.CHOICES),
            "data_pictures": gallery.exploratory(figures),
        },
    )


def exploration_html(survey: Survey, figures: Figures) -> str:
    """A look at a customer table on one page, before any segments are made."""
    return page(
        "exploration.html",
        {
            "opening": exploration_opening(survey),
            "quality": quality(survey),
            "method": survey_method(survey),
            "data_pictures": gallery.exploratory(figures) + gallery.others(figures),
        },
    )


def page(template: str, words: Mapping[str, object]) -> str:
    """A template filled with words, and with the style sheet whose hash its policy allows."""
    style = _style()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    # The style sheet is ours and ends in no tag; its hash is the only thing the page's policy allows.
    return templates().get_template(template).render(**words, style=Markup(style), style_hash=digest)  # noqa: S704


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates of the report."""
    return environment("segmentry.views.report")


@lru_cache(maxsize=1)
def _style() -> str:
    """The style sheet with the segments' colours."""
    environment = templates()
    source, _, _ = environment.loader.get_source(environment, "style.css")  # type: ignore[union-attr]
    colours = [
        f".seg-{number}{{--seg:{colour};--seg-ink:{dark(colour)}}}"
        for number, colour in enumerate(PALETTE, 1)
    ]
    return "\n".join([source, *colours])
