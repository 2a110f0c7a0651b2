"""The titles: findings with their numbers, and a neutral sentence where nothing is clear."""

from dataclasses import replace

import numpy as np
from support.factories import make_run, make_survey

from segmentry.records.run import Run
from segmentry.views.charts import (
    cluster_evaluate,
    cluster_feature_final,
    cluster_prof,
    clusters_pca,
    correlations,
    distributions,
    distributions_cluster,
    eda_1,
    eda_2,
    elbow,
    final,
    relationships,
    segment_profile,
    segment_sizes,
    silhouettes,
)

RUN = make_run()
ONE = make_run(k=1)


def with_shares(run: Run, shares: tuple[float, ...], values: tuple[float | None, ...]) -> Run:
    segments = tuple(
        replace(segment, share=share, value_share=value)
        for segment, share, value in zip(run.segments, shares, values, strict=True)
    )
    return replace(run, segments=segments)


def test_the_segment_worth_more_than_its_size_makes_the_headline() -> None:
    run = with_shares(RUN, (0.33, 0.30, 0.37), (0.58, 0.30, 0.12))
    assert segment_sizes.headline(run) == "High Spenders are 33% of customers and 58% of value"
    assert final.headline(run) == "3 segments. High Spenders are 33% of customers and 58% of value"


def test_without_a_clear_difference_in_value_the_largest_segment_makes_the_headline() -> None:
    even = with_shares(RUN, (0.33, 0.30, 0.37), (0.34, 0.30, 0.36))
    unknown = with_shares(RUN, (0.33, 0.30, 0.37), (None, None, None))
    for run in (even, unknown):
        assert segment_sizes.headline(run) == "Bargain Hunters are the largest segment, with 37% of customers"


def test_one_segment_has_a_sentence_in_every_figure() -> None:
    assert segment_sizes.headline(ONE) == "All 999 customers form one segment"
    assert cluster_prof.headline(ONE) == "One segment: its averages are those of all 999 customers"
    assert cluster_feature_final.headline(ONE) == "One segment: nothing sets it apart from all customers"
    assert distributions_cluster.headline(ONE) == "One segment: its distributions are those of all customers"
    assert silhouettes.headline(ONE) == "With one segment there is no neighbour to compare with"
    assert cluster_evaluate.headline(ONE) == "One segment: the measures compare what two or more would give"
    assert elbow.headline(ONE) == "Even 10 segments would explain only 27% of the differences"


def with_inertia(run: Run, *inertia: float) -> Run:
    rows = tuple(replace(row, inertia=one) for row, one in zip(run.evidence.by_k, inertia, strict=False))
    return replace(run, evidence=replace(run.evidence, by_k=rows))


def test_the_elbow_says_what_one_more_segment_adds() -> None:
    start = "3 segments explain 70% of the differences between customers"
    assert elbow.headline(with_inertia(RUN, 100, 60, 30, 25)) == f"{start}; one more adds only 5%"
    assert elbow.headline(with_inertia(RUN, 100, 60, 30, 29.9)) == f"{start}; one more adds next to nothing"
    assert elbow.headline(with_inertia(RUN, 100, 60, 30, 5)) == start
    assert elbow.headline(with_inertia(RUN, 100, 60, 30)) == start


def test_the_measures_say_whether_they_agree_with_the_chosen_number() -> None:
    assert (
        cluster_evaluate.headline(RUN) == "3 segments score best on every measure, with a silhouette of 0.61"
    )
    rows = tuple(replace(row, davies_bouldin=0.1 if row.k == 5 else 0.5) for row in RUN.evidence.by_k)
    partly = replace(RUN, evidence=replace(RUN.evidence, by_k=rows))
    assert cluster_evaluate.headline(partly) == (
        "3 segments score best on 2 of 3 measures, with a silhouette of 0.61"
    )
    worse = tuple(
        replace(
            row,
            silhouette=0.9 if row.k == 5 else 0.4,
            calinski_harabasz=float(row.k),
            davies_bouldin=1 / row.k,
        )
        for row in RUN.evidence.by_k
    )
    none = replace(RUN, evidence=replace(RUN.evidence, by_k=worse))
    assert cluster_evaluate.headline(none) == (
        "The measures do not single out 3 segments; their silhouette is 0.40"
    )


def test_the_profile_names_the_greatest_difference_in_standard_deviations() -> None:
    """Discount count has a ratio of 2.0, but product click lies further away in standard deviations."""
    assert cluster_prof.headline(RUN) == "Average product click among High Spenders: 1.6 times everybody's"
    flat = replace(
        RUN,
        segments=tuple(
            replace(one, features=tuple(replace(each, index=100.0) for each in one.features))
            for one in RUN.segments
        ),
    )
    assert (
        cluster_prof.headline(flat) == "The segments differ most in product click, which they explain to 90%"
    )


def test_overlapping_distributions_are_called_so() -> None:
    vague = replace(RUN, population=tuple(replace(one, eta_squared=0.1) for one in RUN.population))
    assert distributions_cluster.headline(RUN).startswith("The segments differ most in product click: ")
    assert distributions_cluster.headline(vague).startswith("The segments overlap on every feature")


def test_the_profile_plot_names_the_segment_that_most_features_mark() -> None:
    assert segment_profile.headline(ONE) == "One segment: its averages are everybody’s"
    marked = max(RUN.segments, key=lambda one: len(one.markers))
    assert segment_profile.headline(RUN).startswith(f"{len(marked.markers)} features set ")
    unmarked = tuple(
        replace(one, features=tuple(replace(each, marker=False) for each in one.features))
        for one in RUN.segments
    )
    assert segment_profile.headline(replace(RUN, segments=unmarked)).startswith("No feature marks a segment")


def test_features_that_go_together_stand_side_by_side_in_the_profile_plot() -> None:
    """Three pairs of features, each correlated at .9 with its partner only: every pair is adjacent."""
    run = make_run(p=6)
    related = np.eye(6)
    for one, other in ((0, 3), (1, 4), (2, 5)):
        related[one, other] = related[other, one] = 0.9
    exploration = run.survey.exploration
    linked = replace(exploration, correlations=replace(exploration.correlations, spearman=related))
    order = segment_profile.feature_order(replace(run, survey=replace(run.survey, exploration=linked)))
    places = {feature: at for at, feature in enumerate(order)}
    assert all(abs(places[one] - places[other]) == 1 for one, other in ((0, 3), (1, 4), (2, 5)))


def test_importance_and_silhouettes_name_their_extremes() -> None:
    assert cluster_feature_final.headline(RUN) == ("34% of what sets Loyal Regulars apart is discount count")
    assert (
        silhouettes.headline(RUN) == "High Spenders hold together best (0.69), Bargain Hunters least (0.57)"
    )


def test_the_map_says_how_much_it_shows() -> None:
    assert (
        clusters_pca.headline(RUN)
        == "High Spenders stand furthest apart; the map shows 93% of all differences"
    )
    assert clusters_pca.headline(make_run(k=2)).startswith("High Spenders and Loyal Regulars: the map shows")


def test_the_most_skewed_feature_makes_the_headline_of_the_distributions() -> None:
    skewed = make_survey(money=1).exploration.distributions
    assert distributions.headline(skewed).startswith(
        "A long tail in total purchases: half the customers are at"
    )
    assert distributions.headline(make_survey().exploration.distributions) == (
        "None of the 5 features has a long tail"
    )
    assert distributions.headline(make_survey(p=1).exploration.distributions).startswith(
        "Half the customers have total purchases between"
    )


def test_a_table_without_numbers_has_a_sentence() -> None:
    assert distributions.headline(()) == "There is no numeric feature"
    assert eda_1.headline(()) == "There is no numeric feature with a spread"


def test_correlations_are_only_news_when_notable() -> None:
    found = make_survey().exploration.correlations
    strong = np.array([[1.0, -0.85], [-0.85, 1.0]])
    pair = replace(found, features=("a_b", "c"), pearson=strong, spearman=strong)
    assert correlations.headline(pair) == "a b and c move in opposite directions: correlation −0.85"
    weak = replace(pair, spearman=np.array([[1.0, 0.1], [0.1, 1.0]]))
    assert correlations.headline(weak) == "No two features move together: the strongest correlation is 0.10"
    unknown = replace(pair, spearman=np.full((2, 2), np.nan))
    assert correlations.headline(unknown) == "No correlations"


def test_relationships_count_the_related_pairs() -> None:
    pairs = make_survey().exploration.pairs
    assert relationships.headline(pairs).startswith("8 of 10 pairs are clearly related, ")
    unrelated = tuple(replace(one, spearman=0.0) for one in pairs)
    assert relationships.headline(unrelated) == "No pair of features is clearly related"


def test_outliers_and_gaps_are_counted() -> None:
    found = make_survey().exploration.distributions
    assert eda_1.headline(found) == "Hardly any customer lies far from the rest on any feature"
    far = (replace(found[0], outliers_high=34), *found[1:])
    assert eda_1.headline(far) == "Most outliers in total purchases: 34 customers, 3% of all"
    assert eda_2.headline(make_survey()) == "Nothing is missing: 999 customers, 6 columns, all complete"
    assert "of all values are missing, most often " in eda_2.headline(make_survey(missing=True))
