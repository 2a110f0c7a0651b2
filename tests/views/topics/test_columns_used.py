"""Every column of the input but the id stands once among those that made segments, describe or were left out."""

from support.factories import make_run

from segmentry.records.columns import Role
from segmentry.views.terminal.summary import text_summary
from segmentry.views.topics.columns_used import GROUPS, columns_used

RUN = make_run(p=12)


def test_every_role_but_the_id_has_a_group() -> None:
    assert {role for roles in GROUPS.values() for role in roles} == set(Role) - {Role.ID}


def test_names_beyond_six_are_counted() -> None:
    made = [column for column in RUN.survey.columns if column.role is Role.SEGMENTATION]
    (group,) = [group for group in columns_used(RUN.survey) if group.part == "Made the segments"]
    assert group.names.endswith(f"and {len(made) - 6} more")
    assert f"Made the segments: {group.names}." in " ".join(text_summary(RUN).split())
