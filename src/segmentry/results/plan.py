"""What a run would do, as Python has it."""

from typing import Any

from segmentry.progress import Step, listening
from segmentry.records.plan import Plan
from segmentry.settings import Settings
from segmentry.views.terminal.plan import plain_plan, plan_text
from segmentry.workflows import plan as workflow


def plan(
    source: object,
    *,
    settings: Settings | None = None,
    step: Step | None = None,
    **options: Any,  # noqa: ANN401 - checked by Settings
) -> "Planned":
    """What ``segment`` would do: the table is read and checked, no segments are made, nothing is written.

    Args and errors are those of ``segment``.

    >>> import segmentry as sg
    >>> planned = sg.plan(sg.datasets.ecommerce(300).customers, effort="quick")
    >>> planned.plan.customers.fitted, planned.plan.steps[0].fits
    (294, 108)
    """
    with listening(step):
        return Planned(workflow.plan(source, (settings or Settings()).changed(**options)))


class Planned:
    """A run before it is made.

    Attributes:
        plan: The record behind it.
    """

    def __init__(self, plan: Plan) -> None:
        """Wrap a plan; use ``plan``."""
        self.plan = plan

    def summary(self) -> str:
        """The plan in a screen of text."""
        return plan_text(self.plan)

    def plain(self) -> dict[str, object]:
        """The plan in plain values, for JSON."""
        return plain_plan(self.plan)

    def __repr__(self) -> str:
        """The summary."""
        return self.summary()
