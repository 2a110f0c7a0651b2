"""For programs: what can be asked over HTTP, laid out from the OpenAPI document and with this run's own columns."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segmentry.dashboard.api.routes import document
from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.records.columns import Kind
from segmentry.records.run import Run
from segmentry.views.topics.cells import Table, facts, printable, prose, said, table, text
from segmentry.views.words.numbers import plural

MOST_COLUMNS = 12
"""Columns of the example; a model with more is said to have more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing that can be asked.

    Attributes:
        anchor: Its place on the page.
        method, path: Where it is.
        summary, description: What it does.
        parameters: What can be given in the address; None for nothing.
        body: What is sent, in words; empty for nothing.
        example: A command that asks it.
        answers: The statuses and what they mean.
        fields: What comes back.
    """

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: Table | None
    body: str
    example: str
    answers: Table
    fields: Table


def show(visit: Visit) -> Words:
    """The words of the page."""
    found = document()
    calls = tuple(_calls(found, visit))
    return {
        "finding": f"{plural(len(calls), 'call')} for other programs",
        "under": "Segments, customers and the scorer of a run as JSON over HTTP",
        "calls": calls,
        "shapes": tuple(_fields(name, one) for name, one in found["components"]["schemas"].items()),
    }


def _calls(found: Mapping[str, Any], visit: Visit) -> Iterator[Call]:
    examples = _examples(visit)
    for path, methods in found["paths"].items():
        for method, one in methods.items():
            body = one.get("requestBody")
            yield Call(
                anchor=one["operationId"],
                method=method.upper(),
                path=path,
                summary=one["summary"],
                description=one["description"],
                parameters=_parameters(one.get("parameters", ())),
                body=body["description"] if body else "",
                example=examples[path],
                answers=_answers(one["responses"]),
                fields=_fields("What comes back", _answer(found, one)),
            )


def _examples(visit: Visit) -> Mapping[str, str]:
    """A command for each call, with the server's own address left for the reader to fill in."""
    run = visit.opened.run
    first = next(iter(run.segments[0].typical), "ID")
    customer = printable(first) if first.isascii() and first.isalnum() else "ID"
    body = json.dumps(_new_customer(run), ensure_ascii=True)
    quoted = body.replace("'", "'\\''")
    return {
        "/api/segments": "curl SERVER/api/segments",
        "/api/customers/{customer}": f"curl SERVER/api/customers/{customer}",
        "/api/score": f"curl SERVER/api/score -H 'content-type: application/json' -d '{quoted}'",
    }


def _new_customer(run: Run) -> dict[str, object]:
    """A customer as the model of the run takes them, at everybody's median."""
    medians = {feature.feature: feature.median for feature in run.population}
    found: dict[str, object] = {}
    for step in run.model.recipe.steps[:MOST_COLUMNS]:
        if step.format.level is not None:
            found.setdefault(step.column, step.format.level)
        elif step.format.kind is Kind.DATE or step.format.decimal is not None:
            found[step.column] = None
        else:
            found[step.column] = round(medians.get(step.feature, 0.0), 4)
    return found


def _parameters(given: Sequence[Mapping[str, Any]]) -> Table | None:
    if not given:
        return None
    return table(
        "What can be given",
        given,
        text("Name", lambda one: said(one["name"], badge="needed" if one.get("required") else "")),
        text("In", lambda one: "the path" if one["in"] == "path" else "the query"),
        prose(
            "Meaning", lambda one: str(one.get("description", "The customer's id, as it stands in the data."))
        ),
    )


def _answers(responses: Mapping[str, Mapping[str, Any]]) -> Table:
    lines = (
        (status, "What was asked for." if status == "200" else str(answer["description"]))
        for status, answer in sorted(responses.items())
    )
    return facts("How it can go", lines, heads=("Status", "Meaning"))


def _answer(found: Mapping[str, Any], call: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what comes back when it goes well."""
    name = call["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema: Mapping[str, Any] = found["components"]["schemas"][name]
    return schema


def _fields(caption: str, schema: Mapping[str, Any]) -> Table:
    return table(
        caption,
        schema.get("properties", {}).items(),
        text("Field", lambda one: str(one[0])),
        text("Type", lambda one: _type(one[1])),
        prose("Meaning", lambda one: str(one[1].get("description", ""))),
        note="" if schema.get("properties") else schema.get("description", ""),
    )


def _type(schema: Mapping[str, Any]) -> str:
    """A field's type in words.

    >>> _type({"anyOf": [{"type": "number"}, {"type": "null"}]})
    'number or null'
    """
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "additionalProperties" in schema and isinstance(schema["additionalProperties"], dict):
        return f"record of {_type(schema['additionalProperties'])}"
    return str(schema.get("type", "anything"))


PROGRAMS = Page(path="/api", title="For programs", template="programs.html", show=show, menu=False)
