"""The segments and their profiles as rows of plain values."""

from collections.abc import Iterator
from math import nan

from segmentry.edges.run_folder import codec
from segmentry.records.run import Run


def segment_rows(run: Run) -> Iterator[dict[str, object]]:
    """One row a segment."""
    for segment in run.segments:
        yield {
            "number": segment.number,
            "id": segment.id,
            "segment": segment.name,
            "customers": segment.customers,
            "share": segment.share,
            "value": segment.value,
            "value_share": segment.value_share,
            "value_per_customer": segment.value / segment.customers
            if segment.value is not None and segment.customers
            else None,
            "one_liner": segment.naming.one_liner,
            "name_source": str(segment.naming.source),
            "fit": segment.naming.fit,
            "soft_fit": segment.naming.soft_fit,
            "name_stability": segment.naming.stability,
            "runner_up_name": segment.naming.runner_up,
            "markers": "; ".join(marker.feature for marker in segment.markers),
            "silhouette": segment.silhouette,
            "mean_confidence": segment.mean_confidence,
            "borderline_customers": segment.borderline_customers,
            "typical": "; ".join(segment.typical),
            "play": segment.play.id,
        }


def profile_rows(run: Run) -> Iterator[dict[str, object]]:
    """One row a segment and feature."""
    everybody = {feature.feature: feature for feature in run.population}
    twins = _twins(run)
    for segment in run.segments:
        for feature in segment.features:
            row: dict[str, object] = {
                "number": segment.number,
                "segment": segment.name,
                **codec.plain(feature),
            }
            everyone = everybody[feature.feature]
            yield row | {
                "population_mean": everyone.mean,
                "population_median": everyone.median,
                "eta_squared": everyone.eta_squared,
                "twin_eta_squared": twins.get(feature.feature, nan),
            }


def _twins(run: Run) -> dict[str, float]:
    """What segments of copies without groups explain of each feature (METHOD 6.2), where it was worked out."""
    found = next((row.resampled for row in run.evidence.by_k if row.chosen), None)
    features = run.model.recipe.features
    if found is None or len(found.twins.eta_squared) != len(features):
        return {}
    return dict(zip(features, found.twins.eta_squared, strict=True))
