"""The segments and their profiles as rows of plain values."""

from collections.abc import Iterator

from segmentry.edges import codec
from segmentry.records.run import Run


def segment_rows(run: Run) -> Iterator[dict[str, object]]:
    """One row a segment."""
    for one in run.segments:
        yield {
            "number": one.number,
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
    for one in run.segments:
        for feature in one.features:
            row: dict[str, object] = {"number": one.number, "segment": one.name, **codec.plain(feature)}
            all_of_them = everyone[feature.feature]
            yield row | {
                "population_mean": all_of_them.mean,
                "population_median": all_of_them.median,
                "eta_squared": all_of_them.eta_squared,
            }
