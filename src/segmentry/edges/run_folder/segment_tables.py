"""The segments and their profiles as rows of plain values."""

from collections.abc import Iterator
from math import nan

from segmentry.edges.run_folder import codec
from segmentry.records.run import Run


def segment_rows(run: Run) -> Iterator[dict[str, object]]:
    """One row a segment."""
    for one in run.segments:
        yield {
            "number": one.number,
            "id": one.id,
            "segment": one.name,
            "customers": one.customers,
            "share": one.share,
            "value": one.value,
            "value_share": one.value_share,
            "value_per_customer": one.value / one.customers
            if one.value is not None and one.customers
            else None,
            "one_liner": one.naming.one_liner,
            "name_source": str(one.naming.source),
            "fit": one.naming.fit,
            "soft_fit": one.naming.soft_fit,
            "name_stability": one.naming.stability,
            "runner_up_name": one.naming.runner_up,
            "markers": "; ".join(marker.feature for marker in one.markers),
            "silhouette": one.silhouette,
            "mean_confidence": one.mean_confidence,
            "borderline_customers": one.borderline_customers,
            "typical": "; ".join(one.typical),
            "play": one.play.id,
        }


def profile_rows(run: Run) -> Iterator[dict[str, object]]:
    """One row a segment and feature."""
    everyone = {one.feature: one for one in run.population}
    twins = _twins(run)
    for one in run.segments:
        for feature in one.features:
            row: dict[str, object] = {"number": one.number, "segment": one.name, **codec.plain(feature)}
            all_of_them = everyone[feature.feature]
            yield row | {
                "population_mean": all_of_them.mean,
                "population_median": all_of_them.median,
                "eta_squared": all_of_them.eta_squared,
                "twin_eta_squared": twins.get(feature.feature, nan),
            }


def _twins(run: Run) -> dict[str, float]:
    """What segments of copies without groups explain of each feature (METHOD 6.2), where it was worked out."""
    found = next((row.resampled for row in run.evidence.by_k if row.chosen), None)
    features = run.model.recipe.features
    if found is None or len(found.twins.eta_squared) != len(features):
        return {}
    return dict(zip(features, found.twins.eta_squared, strict=True))
