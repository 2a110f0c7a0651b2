"""Everything in the documentation that is made by the code: ``python docs/refresh.py`` makes it again.

The tables of settings and of commands are written between the marks in their pages; the picture of the
README and the notebook's output are drawn anew. The tests say when a table is out of date.
"""

# ruff: noqa: INP001 - a script, not a package

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from segmentry.records.settings import PARTS, About, Setting, catalog

DOCS = Path(__file__).parent
NOTEBOOKS = DOCS.parent / "notebooks"
PICTURE = DOCS / "images" / "final.png"
BEGIN, END = "<!-- made by docs/refresh.py: begin -->", "<!-- made by docs/refresh.py: end -->"


def settings_tables() -> str:
    """A table of settings for each part of the settings file."""
    lines: list[str] = []
    for name, part in PARTS.items():
        lines += [
            "",
            f"### {name.capitalize()}",
            "",
            part.__doc__.partition("\n")[0] if part.__doc__ else "",
            "",
            "| setting | values | default | meaning |",
            "| --- | --- | --- | --- |",
        ]
        for setting in catalog().values():
            if setting.part == name:
                row = (f"`{setting.name}`", _values(setting), _shown(setting.default), setting.about.text)
                lines.append(f"| {' | '.join(_cell(one) for one in row)} |")
    return "\n".join(lines).strip()


def _values(setting: Setting) -> str:
    """What a setting may be, in words."""
    if setting.choices:
        return " or ".join(f"`{choice}`" for choice in setting.choices)
    words: dict[Any, str] = {
        tuple: "a list",
        Mapping: "a table",
        int: "a whole number",
        float: "a number",
        str: "text",
        bool: "true or false",
    }
    plain = next((arg for arg in get_args(setting.kind) if arg is not type(None)), setting.kind)
    base = get_origin(setting.kind) if get_origin(setting.kind) in {tuple, Mapping} else plain
    return " ".join([words[base], *_limits(setting.about)])


def _limits(about: About) -> Iterator[str]:
    signs = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}
    for name, said in signs.items():
        if (value := getattr(about, name)) is not None:
            yield said.format(value)


def _shown(default: object) -> str:
    if default is None:
        return "not set"
    return "none" if default in ((), {}) else f"`{default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def command_sections() -> str:
    """Every command with its arguments and options, from the command line itself."""
    import typer

    from segmentry.cli import app

    lines: list[str] = []
    for name, command in _commands(typer.main.get_command(app)):
        lines += ["", f"## segmentry {name}", "", command.help or "", ""]
        lines += ["| argument or option | default | meaning |", "| --- | --- | --- |"]
        lines += [f"| {' | '.join(_cell(one) for one in _parameter(param))} |" for param in command.params]
    return "\n".join(lines).strip()


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - the command line's own types
    """Every command by its whole name; of a group, its commands."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _parameter(one: Any) -> tuple[str, str, str]:  # noqa: ANN401 - a parameter of the command line
    if one.param_type_name == "argument":
        return f"`{(one.metavar or one.name).upper()}`", "needed", one.help or ""
    default = "" if one.default in {None, False} else f"`{one.default}`"
    return f"`{', '.join(one.opts)}`", default, one.help or ""


def algorithm_table() -> str:
    """A row for every algorithm of the catalog."""
    from segmentry.records.algorithms import CATALOG

    lines = ["| name | what it is | when it earns its place | fitted up to |", "| --- | --- | --- | --- |"]
    for entry in CATALOG:
        row = (f"`{entry.name}`", entry.heading, entry.good_for, entry.up_to)
        lines.append(f"| {' | '.join(_cell(text) for text in row)} |")
    return "\n".join(lines)


def customer_columns() -> str:
    """The columns of customers.parquet and customers.csv, from their catalog."""
    from segmentry.stages.scoring.customer_columns import CUSTOMER_COLUMNS

    rows = (
        f"| `{column.name}` | {'true or false' if column.kind == 'flag' else column.kind} | {_cell(column.meaning)} |"
        for column in CUSTOMER_COLUMNS
    )
    return "\n".join(
        [
            "| column | values | what it is |",
            "| --- | --- | --- |",
            "| `customer_id` | as in the input | The id, under the name it has in the input. |",
            *rows,
            "| the features | number | Every feature in its own units, gaps left empty. |",
        ]
    )


def figure_table() -> str:
    """Every figure, from the catalog."""
    from segmentry.views.charts.catalog import ENTRIES

    rows = (f"| `{name}` | {_cell(entry.shows)} |" for name, entry in ENTRIES.items())
    return "\n".join(["| figure | what it shows |", "| --- | --- |", *rows])


def finding_sections() -> str:
    """A section for every kind of finding, from their catalog."""
    from segmentry.records.findings import CATALOG

    lines: list[str] = []
    for kind in CATALOG:
        setting = f" The setting is [`{kind.setting}`](settings.md)." if kind.setting else ""
        lines += [
            f"## {kind.code}",
            "",
            f"**{kind.title}** ({' or '.join(kind.severities)})",
            "",
            f"- What it means: {kind.meaning}",
            f"- What is done: {kind.done}",
            f"- What you can do: {kind.advice}{setting}",
            "",
        ]
    return "\n".join(lines).strip()


TABLES = {
    "reference/findings.md": [finding_sections],
    "reference/settings.md": [settings_tables],
    "reference/commands.md": [command_sections],
    "how-to/choose-an-algorithm.md": [algorithm_table],
    "reference/run-folder.md": [customer_columns, figure_table],
}
"""Pages with made parts, and what makes each of them, from top to bottom."""


def current(page: str) -> str:
    """The page as it should be now."""
    text, made = (DOCS / page).read_text(encoding="utf-8"), ""
    for table in TABLES[page]:
        before, _, rest = text.partition(BEGIN)
        text = rest.partition(END)[2]
        made += f"{before}{BEGIN}\n\n{table()}\n\n{END}"
    return made + text


def draw_picture() -> None:
    """The picture of the README: the summary of the demo run."""
    import segmentry as sg
    from segmentry.edges.rendering.png import png
    from segmentry.views.charts.catalog import SEGMENTS

    sys.path.insert(0, str(NOTEBOOKS))
    from execute import small_png

    result = sg.segment(sg.datasets.ecommerce().customers, name="demo customers")
    PICTURE.write_bytes(small_png(png(SEGMENTS["final"](result.run)[0].svg)))


def main() -> None:
    """Make all of it."""
    for page in TABLES:
        (DOCS / page).write_text(current(page), encoding="utf-8")
    draw_picture()
    import execute

    execute.main()


if __name__ == "__main__":
    main()
