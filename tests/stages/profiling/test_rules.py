"""The rule of two questions: what it asks, how it rounds, and what it says of itself."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.records.reasons import REST, NotJudged, Rule, Split
from segmentry.stages.profiling import rule_words
from segmentry.stages.profiling.rule_tree import cut, grow, pruned
from segmentry.stages.profiling.rules import Asked, MakeRules

NAMES = ("Browsers", "Spenders", "Hunters")


def _shop(n: int = 900, *, gaps: float = 0.0, seed: int = 0) -> Asked:
    """Browsers stay over an hour; of the others spenders fill a cart over 75, and hunters use discounts."""
    rng = np.random.default_rng(seed)
    segment = np.sort(rng.integers(0, 3, n))
    minutes = np.where(segment == 0, rng.uniform(61, 120, n), rng.uniform(1, 59, n))
    cart = np.where(segment == 1, rng.uniform(101, 200, n), rng.uniform(5, 49, n))
    discounts = np.where(segment == 2, rng.integers(5, 12, n), rng.integers(0, 4, n)).astype(float)
    values = np.column_stack([minutes, cart, discounts])
    values[rng.random(n) < gaps, 1] = np.nan
    return Asked(
        features=("minutes_on_site", "cart_value", "discounts"),
        flags=(False, False, False),
        values=values,
        segment=segment,
        k=3,
    )


def _made(asked: Asked) -> Rule:
    rule, _ = MakeRules()(asked, seed=0)
    assert isinstance(rule, Rule)
    return rule


def test_two_questions_tell_three_kinds_of_customer_apart_in_round_numbers() -> None:
    shop = _shop()
    two = replace(shop, features=shop.features[:2], flags=shop.flags[:2], values=shop.values[:, :2])
    rule = _made(two)
    assert rule_words.sentence(rule, NAMES) in {
        "Minutes on site over 60 → Browsers; otherwise cart value over 75 → Spenders; otherwise Hunters.",
        "Cart value over 75 → Spenders; otherwise minutes on site over 60 → Browsers; otherwise Hunters.",
    }
    assert rule.depth == 2
    assert rule.fidelity == 1.0


def test_who_leaves_a_question_open_is_asked_the_one_that_answers_most_like_it() -> None:
    """A surrogate split (Breiman et al. 1984, 5.3): here minutes mirror the cart, of which a tenth is missing."""
    rng = np.random.default_rng(0)
    segment = rng.integers(0, 2, 600)
    cart = np.where(segment == 1, rng.uniform(101, 200, 600), rng.uniform(5, 49, 600))
    minutes = np.where(segment == 1, rng.uniform(1, 33, 600), rng.uniform(29, 60, 600))
    cart[rng.random(600) < 0.1] = np.nan
    rule = _made(
        Asked(
            features=("cart_value", "minutes"),
            flags=(False, False),
            values=np.column_stack([cart, minutes]),
            segment=segment,
            k=2,
        )
    )
    assert rule.questions[0].split.feature == "cart_value"
    assert rule.questions[0].unknown > 30
    (said,) = rule_words.standing_in(rule)
    assert said.startswith("Where cart value is not known, minutes at most 3")
    assert said.endswith("stands for cart value over 75.")
    assert rule.fidelity > 0.98


def test_a_rule_places_the_customers_it_counted() -> None:
    asked = _shop()
    rule = _made(asked)
    placed = rule(asked.values, asked.features)
    ends = sum(
        turn.customers for one in rule.questions for turn in (one.yes, one.no) if turn.question is None
    )
    assert ends == len(asked.values)
    for step in rule_words.steps(rule):
        assert step.customers == int((placed == step.segment).sum())


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_tree_parts_customers_as_scikit_learns_does(depth: int) -> None:
    """Oracle: scikit-learn's DecisionTreeClassifier with the same depth and smallest leaf."""
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng(depth)
    segment = rng.integers(0, 4, 800)
    values = rng.normal(size=(4, 3))[segment] * 1.5 + rng.normal(size=(800, 3))
    theirs = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=20, random_state=0).fit(values, segment)
    cuts = cut(("a", "b", "c"), (False,) * 3, values)
    root = grow(cuts, segment, np.arange(800), depth=depth, least=20)
    ours = np.array([_end(root, row) for row in values])
    assert (ours == theirs.predict(values)).mean() > 0.995
    first = theirs.tree_
    assert root.split is not None
    assert ("a", "b", "c")[first.feature[0]] == root.split.feature
    assert root.split.threshold == pytest.approx(first.threshold[0])


def _end(node: object, row: np.ndarray) -> int:
    while node.split is not None:  # type: ignore[attr-defined]
        at = ("a", "b", "c").index(node.split.feature)  # type: ignore[attr-defined]
        node = node.yes if row[at] > node.split.threshold else node.no  # type: ignore[attr-defined]
    return int(node.answer)  # type: ignore[attr-defined]


def test_answers_that_lead_to_the_same_segment_are_put_together() -> None:
    """The first question of this tree halves a segment of its own: nobody need be asked it."""
    values = np.concatenate([np.linspace(0, 1, 100), np.linspace(2, 3, 40)]).reshape(-1, 1)
    segment = np.r_[np.zeros(100, dtype=np.int64), np.tile([0, 1], 20)]
    tree = grow(cut(("x",), (False,), values), segment, np.arange(140), depth=2, least=20)
    assert pruned(tree, 2).split is None or pruned(tree, 2).yes.answer != pruned(tree, 2).no.answer  # type: ignore[union-attr]


def test_holding_out_tells_a_rule_from_luck() -> None:
    """On noise three questions fit something; held out they do no better than the commonest segment."""
    rng = np.random.default_rng(1)
    noise = Asked(
        features=("a", "b"),
        flags=(False, False),
        values=rng.normal(size=(600, 2)),
        segment=rng.integers(0, 2, 600),
        k=2,
    )
    rule, _ = MakeRules()(noise, seed=0)
    assert isinstance(rule, NotJudged) or abs(rule.fidelity - 0.5) < 0.08


def test_thresholds_keep_their_digits_where_rounding_would_cost_customers() -> None:
    rng = np.random.default_rng(2)
    low, high = rng.uniform(1.001, 1.012, 300), rng.uniform(1.016, 1.03, 300)
    asked = Asked(
        features=("ratio",),
        flags=(False,),
        values=np.r_[low, high].reshape(-1, 1),
        segment=np.repeat([0, 1], 300),
        k=2,
    )
    rule = _made(asked)
    assert rule.fidelity == 1.0
    assert 1.012 < rule.questions[0].split.threshold < 1.016


def test_one_segment_and_too_few_customers_have_no_rule() -> None:
    shop = _shop(60)
    alone, each = MakeRules()(replace(shop, k=1, segment=np.zeros(60, dtype=np.int64)), seed=0)
    assert isinstance(alone, NotJudged)
    assert "one segment" in alone.reason
    assert len(each) == 1
    few, _ = MakeRules()(replace(shop, values=shop.values[:30], segment=shop.segment[:30]), seed=0)
    assert isinstance(few, NotJudged)


def test_the_order_of_the_columns_changes_nothing() -> None:
    shop = _shop(gaps=0.05)
    turned = replace(shop, features=shop.features[::-1], values=shop.values[:, ::-1])
    assert MakeRules()(shop, seed=3) == MakeRules()(turned, seed=3)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), k=st.integers(2, 5), gaps=st.sampled_from([0.0, 0.2]))
def test_precision_recall_and_fidelity_are_shares_and_the_rule_of_one_only_knows_one(
    seed: int, k: int, gaps: float
) -> None:
    rng = np.random.default_rng(seed)
    segment = rng.integers(0, k, 200)
    values = rng.normal(size=(k, 3))[segment] * 2 + rng.normal(size=(200, 3))
    values[rng.random(values.shape) < gaps] = np.nan
    asked = Asked(features=("a", "b", "c"), flags=(False,) * 3, values=values, segment=segment, k=k)
    rule, rules = MakeRules()(asked, seed=seed)
    assert len(rules) == k
    for number, one in enumerate((rule, *rules)):
        if isinstance(one, NotJudged):
            continue
        assert 0 <= one.fidelity <= 1
        assert 1 <= one.depth <= 3
        assert all(np.isnan(q.precision) or 0 <= q.precision <= 1 for q in one.qualities)
        assert all(0 <= q.recall <= 1 for q in one.qualities)
        if number:
            assert set(one(values, asked.features)) <= {REST, number - 1}


@pytest.mark.parametrize(
    ("split", "yes", "words"),
    [
        (Split(feature="plan = premium", flag=True, threshold=0.5), False, "plan is not premium"),
        (Split(feature="newsletter", flag=True, threshold=0.5), True, "newsletter: yes"),
        (Split(feature="total_spend", flag=False, threshold=1200.0), True, "total spend over 1,200"),
        (
            Split(feature="days_since_visit", flag=False, threshold=30.0),
            True,
            "more than 30 days since visit",
        ),
    ],
)
def test_conditions_read_like_a_sentence(split: Split, yes: bool, words: str) -> None:  # noqa: FBT001
    assert rule_words.condition(split, yes=yes) == words
