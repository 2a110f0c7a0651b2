"""The words of the report in plain words; a term is one line here."""

from collections.abc import Mapping

TERMS: Mapping[str, str] = {
    "Segment": "A group of customers who are more like each other than like the rest.",
    "Feature": "A column that the segments are made from.",
    "Part of a column": "Segmentation columns make the segments; descriptor columns only describe them; outcomes, protected columns and ids take no part.",
    "Value": "What a customer is worth, as far as the columns say. It is not profit unless a column holds profit.",
    "Median": "The customer in the middle: half have less, half have more.",
    "Middle half": "From the value that a quarter of customers stay below to the value that a quarter exceed.",
    "Index": "The segment's mean with everybody's mean set to 100: 150 is half as much again.",
    "Cohen’s d": "How far the segment's mean is from the others', in standard deviations: 0.2 is small, 0.5 middling, 0.8 large.",
    "Marker": "A feature that clearly sets a segment apart: the difference is large in its own unit and against the spread.",
    "Weight": "The feature's share of the distance between the segment's centre and everybody's. The weights of a segment add up to 100%.",
    "Confidence": "How much nearer a customer is to the own centre than to the next one: 0 is on the border, 1 is at the centre.",
    "Near a border": "The next centre is hardly farther than the own one (confidence under 0.18).",
    "Silhouette": "How much closer customers are to their own segment than to the next one, from −1 to 1. Near 0, segments touch.",
    "Inertia": "What the segments leave unexplained: the squared distances of customers to their centre, summed. It always falls with more segments.",
    "Elbow": "Where the inertia stops falling fast. A picture, not a proof.",
    "Calinski-Harabasz": "The spread between segments against the spread within; higher is better.",
    "Davies-Bouldin": "How similar each segment is to its most similar neighbour, on average; lower is better.",
    "Near tie": "Two solutions that are nearly equally good but put many customers elsewhere.",
    "Map": "Customers on a plane of two principal components: the directions in which they differ most.",
    "Play": "What to do with a segment: an objective, an offer, a message and how to tell whether it worked.",
    "Untested": "Nobody has measured yet whether the play works here. Try it against a control group first.",
    "Descriptor": "A column that says who a customer is but does not make the segments.",
    "Seed": "The number that random steps start from. The same seed gives the same result.",
    "Fingerprint": "A checksum of what was read: another value in any cell gives another fingerprint.",
    "Ledger": "Where every row of the input went; it adds up to what came in.",
}

EXPLORING = (
    "Feature",
    "Part of a column",
    "Value",
    "Median",
    "Middle half",
    "Descriptor",
    "Fingerprint",
    "Ledger",
)
"""The terms that a page without segments needs."""
