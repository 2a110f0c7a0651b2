"""The report: one page that holds a whole run, without script and without any request."""

from segmentry.views.report.page import exploration_html, report_html
from segmentry.views.report.shared import shared_html

__all__ = ["exploration_html", "report_html", "shared_html"]
