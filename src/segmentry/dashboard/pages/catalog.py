"""Every page: a new one is one file, one template and one line here."""

from segmentry.dashboard.pages.customers import CUSTOMERS
from segmentry.dashboard.pages.overview import OVERVIEW
from segmentry.dashboard.visit import Page

PAGES: tuple[Page, ...] = (OVERVIEW, CUSTOMERS)
"""The pages, in the order of the menu."""
