"""strategies.yaml and targets.csv: what to do with each segment, for people and for other programs."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from segmentry.edges.run_folder import codec
from segmentry.edges.run_folder.tables import write_rows
from segmentry.records.rounding import rounded
from segmentry.records.run import Run
from segmentry.records.segment import Play, Segment
from segmentry.records.strategy import Economics, Input
from segmentry.stages.strategy.targets import targets

TARGET_COLUMNS = ("number", "segment", "attractiveness", "competitiveness", "potential", "ruled_out")


def write_strategies(run: Run, folder: Path) -> None:
    """strategies.yaml and targets.csv."""
    holdout = run.settings.groups.holdout_share
    plays = {segment.name: _plain(_strategy(segment, holdout)) for segment in run.segments}
    text = yaml.safe_dump(plays, sort_keys=False, allow_unicode=True, width=100)
    (folder / "strategies.yaml").write_text(text, encoding="utf-8")
    write_rows(target_rows(run), folder / "targets.csv", columns=TARGET_COLUMNS)


def _strategy(segment: Segment, holdout: float) -> dict[str, object]:
    """One strategy by the schema of the playbook, with what was worked out for the segment."""
    play, terms = segment.play, segment.play.terms
    return {
        "segment": segment.name,
        "id": play.id,
        "objective": play.objective,
        "hypothesis": play.hypothesis,
        "because": [codec.plain(number) for number in play.fired],
        "also": list(play.also),
        "offer": {
            "type": terms.offer_type,
            "what": play.offer,
            "depth_max": terms.depth_max,
            "budget": terms.budget,
        },
        "channel": list(play.channel),
        "message": {"angle": play.message, "do": play.do, "dont": play.dont},
        "cadence": {"per_week_max": terms.per_week_max, "quiet_days": terms.quiet_days},
        "trigger": terms.trigger,
        "guardrails": list(play.guardrails),
        "suppressions": list(play.suppressions),
        "kpi": {"primary": play.kpi, "guardrail": terms.kpi_guardrail},
        "experiment": _experiment(play, holdout),
        "economics": economics_row(play.economics),
        "owner": terms.owner,
        "evidence": play.standing,
        "results": [codec.plain(result) for result in play.results],
    }


def _experiment(play: Play, holdout: float) -> dict[str, object]:
    learning, terms = play.learning, play.terms
    return {
        "unit": terms.unit,
        "arms": list(terms.arms),
        "holdout": holdout,
        "customers": learning.customers if learning else None,
        "mde": learning.halves if learning else None,
        "mde_with_a_tenth_as_control": learning.tenth if learning else None,
        "n_needed": learning.needed if learning else None,
        "too_small": learning.too_small if learning else None,
        "days": terms.days,
        "stop_rule": terms.stop_rule,
    }


def economics_row(economics: Economics) -> dict[str, object]:
    """The economics as plain values; what was not given is said to be so."""
    given: Mapping[Input, float | None] = {
        Input.MARGIN: economics.margin,
        Input.ORDER_VALUE: economics.order_value,
        Input.BASE_RATE: economics.base_rate,
        Input.CONTACT_COST: economics.contact_cost,
        Input.DISCOUNT_DEPTH: economics.depth,
        Input.DISCOUNT_USE: economics.use,
    }
    return {
        "inputs": {str(one): value for one, value in given.items()},
        "not_given": [str(one) for one in economics.missing],
        "break_even": economics.break_even,
        "cannot_pay_back": economics.never,
    }


def target_rows(run: Run) -> Iterator[dict[str, object]]:
    """One row a segment: the axes, each criterion's measure and score, each condition and its finding."""
    for target in targets(run).targets:
        row: dict[str, object] = {
            "number": target.number,
            "segment": target.name,
            "attractiveness": target.attractiveness,
            "competitiveness": target.competitiveness,
            "potential": target.potential,
            "ruled_out": "; ".join(target.ruled_out),
        }
        for score in target.scores:
            row |= {
                str(score.criterion): score.value,
                f"{score.criterion}_score": score.score,
                f"{score.criterion}_weight": score.weight,
            }
        for condition in target.knock_outs:
            name = condition.condition.replace(" ", "_")
            row |= {f"met_{name}": condition.met, f"finding_{name}": condition.finding}
        yield row


def _plain(value: object) -> object:
    """Values that YAML can write, numbers with 12 significant digits."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return str(value)
    return float(rounded(value)) if isinstance(value, float) else value
