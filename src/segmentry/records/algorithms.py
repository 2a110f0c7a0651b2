"""The catalog of algorithms: a new one is one file in ``stages/clustering`` and one entry here.

Settings, the command line, charts, report and docs take their words from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from segmentry.errors import unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One algorithm, in words.

    Attributes:
        name: Its name in settings and files.
        made_by: Its file in ``stages/clustering`` and its class.
        title: What sentences call it.
        good_for: When it earns its place.
        up_to: How many customers it is fitted on.
        for_words: Why it is left out where no column is in words; empty for an algorithm that needs none. One
            that needs them is made with ``groups``, the two-valued features of each column.
        chooses: Whether it may choose its number of segments by BIC among ``own_ks``.
    """

    name: str
    made_by: str
    title: str
    good_for: str
    up_to: str
    for_words: str = ""
    chooses: bool = False

    @property
    def heading(self) -> str:
        """Its title where it stands alone.

        >>> named("mixture").heading
        'Gaussian mixture'
        """
        title = self.title.removeprefix("the ")
        return title[:1].upper() + title[1:]


CATALOG = (
    Entry(
        name="kmeans",
        made_by="kmeans.Lloyd",
        title="K-means",
        good_for="the default; round segments",
        up_to="any size",
    ),
    Entry(
        name="bisecting",
        made_by="bisecting.Bisecting",
        title="bisecting K-means",
        good_for="a hierarchy at scale",
        up_to="any size, a sample above 50,000",
    ),
    Entry(
        name="mixture",
        made_by="mixture.Mixture",
        title="the Gaussian mixture",
        good_for="unequal or long segments, probabilities",
        up_to="a sample above 50,000",
        chooses=True,
    ),
    Entry(
        name="ward",
        made_by="ward.Ward",
        title="Ward",
        good_for="a nested story",
        up_to="10,000 customers",
    ),
    Entry(
        name="hdbscan",
        made_by="hdbscan.Hdbscan",
        title="HDBSCAN",
        good_for="a core and odd ones out, few features",
        up_to="about 50,000 customers",
    ),
    Entry(
        name="kmedoids",
        made_by="kmedoids.KMedoids",
        title="K-medoids",
        good_for="outliers; typical customers (`pip install '.[algorithms]'`)",
        up_to="10,000 customers",
    ),
    Entry(
        name="birch",
        made_by="birch.Cells",
        title="BIRCH",
        good_for="many customers, small cells",
        up_to="a sample above 50,000",
    ),
    Entry(
        name="spectral",
        made_by="spectral.Spectral",
        title="spectral clustering",
        good_for="shapes that are not round",
        up_to="5,000 customers",
    ),
    Entry(
        name="kprototypes",
        made_by="kprototypes.KPrototypes",
        title="K-prototypes",
        good_for="columns in words",
        up_to="a sample above 50,000",
        for_words="needs a column in words among the features",
    ),
    Entry(
        name="latent_class",
        made_by="latent_class.LatentClass",
        title="the latent class model",
        good_for="columns in words; yes/no tables",
        up_to="a sample above 50,000",
        for_words="needs features that are mostly in words or of two values",
        chooses=True,
    ),
)
"""Every algorithm, the one that ships first."""

ALGORITHMS: Mapping[str, Entry] = MappingProxyType(
    {entry.name: entry for entry in CATALOG if not entry.for_words}
)
"""The algorithms that divide any customers, by name."""

MIXED: Mapping[str, Entry] = MappingProxyType({entry.name: entry for entry in CATALOG if entry.for_words})
"""The algorithms for columns in words, by name."""

EVERY: Mapping[str, Entry] = MappingProxyType({**ALGORITHMS, **MIXED})
"""All of them, by name."""

CHOICES = f"{', '.join(ALGORITHMS)}; with columns in words also {' and '.join(MIXED)}"
"""What there is to choose from, for settings and the command line."""


def named(name: str) -> Entry:
    """The algorithm with a name.

    Raises:
        UsageError: when there is none.
    """
    if name not in EVERY:
        raise unknown("algorithm", name, list(EVERY))
    return EVERY[name]
