"""Every page: a new one is one file, one template and one line here."""

from segmentry.dashboard.page_request import Page
from segmentry.dashboard.pages.about import ABOUT
from segmentry.dashboard.pages.changes import CHANGES
from segmentry.dashboard.pages.compare import COMPARE
from segmentry.dashboard.pages.customer import CUSTOMER
from segmentry.dashboard.pages.customers import CUSTOMERS
from segmentry.dashboard.pages.map import MAP
from segmentry.dashboard.pages.models import MODELS
from segmentry.dashboard.pages.overview import OVERVIEW
from segmentry.dashboard.pages.profile import PROFILE
from segmentry.dashboard.pages.programs import PROGRAMS
from segmentry.dashboard.pages.strategies import STRATEGIES

PAGES: tuple[Page, ...] = (
    OVERVIEW,
    MAP,
    CUSTOMERS,
    CUSTOMER,
    COMPARE,
    PROFILE,
    STRATEGIES,
    MODELS,
    CHANGES,
    ABOUT,
    PROGRAMS,
)
"""The pages, in the order of the menu."""
