"""``segmentry export``: the customers of a segment as a list for a platform."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import say
from segmentry.cli.options import Config, Quiet, RunFolder, Suppress, chosen
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.records.audience import Audience, Control, Field

CONTROLS = ("mark", "leave-out")


def export(  # noqa: PLR0913 - a command's parameters are its options
    run_folder: RunFolder,
    *,
    segment: Annotated[str, typer.Option(help="The segment's name or number, or all.")],
    out: Annotated[Path, typer.Option(help="The .csv file to write; its manifest is written beside it.")],
    to: Annotated[str, typer.Option(help="csv, google, meta, tiktok, x or klaviyo.")] = "csv",
    contacts: Annotated[
        str | None, typer.Option(help="The file with e-mail addresses and telephone numbers, by customer id.")
    ] = None,
    contacts_id: Annotated[str | None, typer.Option(help="Its column of customer ids.")] = None,
    email: Annotated[
        str | None, typer.Option(help="Its column of e-mail addresses; found when not given.")
    ] = None,
    phone: Annotated[
        str | None, typer.Option(help="Its column of telephone numbers; found when not given.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="The country of numbers without a country code, such as DE.")
    ] = None,
    consent: Annotated[
        list[str] | None, typer.Option(help="A column of the contacts that must say yes; may be given again.")
    ] = None,
    legal_basis: Annotated[
        str, typer.Option(help="What allows it where no column shows consent; written into the manifest.")
    ] = "",
    suppress: Suppress = None,
    control: Annotated[
        str | None, typer.Option(help="The control group: mark or leave-out. None when not given.")
    ] = None,
    control_share: Annotated[
        float | None,
        typer.Option(help="The share of the control group; as the run's settings say when not given."),
    ] = None,
    holdout: Annotated[
        float | None,
        typer.Option(
            help="The share that gets no campaign at all, with --control; the run's when not given."
        ),
    ] = None,
    salt: Annotated[
        str | None,
        typer.Option(help="What your shop's draw begins with; keep it for good. The run's when not given."),
    ] = None,
    campaign: Annotated[str, typer.Option(help="The campaign's name; the segment's when not given.")] = "",
    sure: Annotated[bool, typer.Option("--sure", help="Leave out placements of low confidence.")] = False,
    alike: Annotated[
        bool, typer.Option("--alike", help="Leave out customers unlike those the model was made from.")
    ] = False,
    config: Config = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write the customers of a segment as a list for a platform, with a manifest of who is not on it."""
    from segmentry.records.audience import Wanted
    from segmentry.results.segmentation import load

    wanted = Wanted(
        segment=segment,
        platform=to,
        control=_control(control),
        sure=sure,
        alike=alike,
        consent=tuple(consent or ()),
        legal_basis=legal_basis.strip(),
        country=_country(country),
    )
    _refuse_platform(to)
    from segmentry.edges.sources.contacts import ContactColumns
    from segmentry.workflows.audience import planned
    from segmentry.workflows.export import Files

    settings = chosen(config)
    files = Files(
        contacts=contacts,
        columns=ContactColumns(id=contacts_id, fields=_named(email, phone)),
        reading=settings.reading,
        suppress=suppress or settings.privacy.suppression,
        key_file=settings.privacy.key_file,
    )
    result = load(run_folder)
    drawn = planned(result.run, campaign, salt=salt, holdout=holdout, share=control_share)
    found = result.send(replace(wanted, split=drawn), files, out, force=force)
    if not quiet:
        say(_said(found, out))


def _refuse_platform(name: str) -> None:
    from segmentry.errors import unknown
    from segmentry.stages.audience import PLATFORMS

    if name not in PLATFORMS:
        raise unknown("platform", name, PLATFORMS)


def _control(asked: str | None) -> "Control | None":
    from segmentry.errors import unknown
    from segmentry.records.audience import Control

    if asked is None:
        return None
    if asked not in CONTROLS:
        raise unknown("way with the control group", asked, CONTROLS)
    return Control(asked)


def _country(asked: str | None) -> str | None:
    from segmentry.stages.audience.forms import country_code

    if asked is None:
        return None
    code = country_code(asked)
    if code is None:
        raise UsageError(
            f"'{asked}' is not a country.",
            hint="Give two letters, such as DE, GB or US (ISO 3166-1 alpha-2).",
        )
    return code.upper()


def _named(email: str | None, phone: str | None) -> "dict[Field, str]":
    from segmentry.records.audience import Field

    return {what: name for what, name in ((Field.EMAIL, email), (Field.PHONE, phone)) if name}


def _said(found: "Audience", out: Path) -> str:
    """What was written, who is not in it, and what to know."""
    lines = [f"Wrote {len(found):,} of {found.customers:,} customers of {found.segment} to {out}"]
    lines += [f"  {one.customers:,} left out: {one.reason}" for one in found.exclusions]
    lines += [f"  {count:,} {what}" for what, count in found.left_blank.items()]
    if found.control:
        lines.append(f"  {found.control:,} marked as control")
    lines += [f"Note: {one}" for one in found.warnings]
    return "\n".join(lines)
