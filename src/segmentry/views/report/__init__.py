"""The report: one page that holds a whole run, without script and without any request."""

from segmentry.views.report.inert_svg import Drawing
from segmentry.views.report.page import exploration_html, make_templates_ready, report_html
from segmentry.views.report.shared import shared_html

__all__ = ["Drawing", "exploration_html", "make_templates_ready", "report_html", "shared_html"]
