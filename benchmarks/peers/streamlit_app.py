"""Overview and Map of a run as a Streamlit app, written as its own guide advises.

Pages by ``st.navigation``, what is loaded once in ``st.cache_resource``, answers in ``st.cache_data``,
charts by the built-in Altair, tables that are plain tables. Usage: streamlit run streamlit_app.py -- RUN PREPARED
"""

import sys
from pathlib import Path

import altair as alt
import pandas as pd
import streamlit as st
from frame import LEVELS, PALETTE, Peers, Selection


@st.cache_resource
def load() -> Peers:
    """The run, once for all sessions."""
    return Peers(Path(sys.argv[1]), Path(sys.argv[2]))


@st.cache_data
def chosen(segment: int | None, level: int | None) -> Selection:
    """The customers of a choice."""
    return load().chosen(segment, level)


def colours(run: Peers) -> alt.Color:
    """One colour for a segment everywhere."""
    return alt.Color("segment:N", scale=alt.Scale(domain=run.names, range=list(PALETTE)), legend=None)


def bars(run: Peers, column: str, title: str) -> alt.LayerChart:
    """Shares of the segments as bars with their numbers."""
    base = alt.Chart(run.segments[["segment", column]], title=title).encode(
        y=alt.Y("segment:N", sort=run.names, title=None), x=alt.X(f"{column}:Q", axis=None)
    )
    numbers = base.mark_text(align="left", dx=4).encode(text=alt.Text(f"{column}:Q", format=".0%"))
    return base.mark_bar().encode(color=colours(run)) + numbers


def dots(run: Peers) -> alt.HConcatChart:
    """The mean of each feature by segment against the line of all customers."""
    panels = []
    for feature in run.features:
        means = run.profile[feature].rename("mean").reset_index()
        base = alt.Chart(means, title=feature, width=170, height=110)
        points = base.mark_circle(size=90, opacity=1).encode(
            x=alt.X("mean:Q", scale=alt.Scale(zero=False, padding=20), title=None),
            y=alt.Y("segment:N", sort=run.names, title=None, axis=None if panels else alt.Undefined),
            color=colours(run),
        )
        everyone = pd.DataFrame({"mean": [run.everyone[feature]]})
        panels.append(points + alt.Chart(everyone).mark_rule(strokeDash=[3, 3]).encode(x="mean:Q"))
    return alt.hconcat(*panels)


def overview() -> None:
    """Who the segments are."""
    run = load()
    st.title(run.headline)
    st.caption(f"{run.manifest['customers']:,} customers in {len(run.names)} segments")
    left, right = st.columns(2)
    left.altair_chart(bars(run, "share", "Share of customers"))
    right.altair_chart(bars(run, "value_share", "Share of value"))
    st.subheader("How the segments differ")
    st.altair_chart(dots(run))
    st.subheader("Segments")
    st.table(run.table.set_index("Segment"))


def where() -> None:
    """Where every customer is."""
    run = load()
    st.title("Customer map")
    segment = st.radio("Segment", ["All", *run.names], horizontal=True)
    level = st.radio("Confidence", ["all", *LEVELS], horizontal=True)
    found = chosen(
        None if segment == "All" else run.names.index(segment),
        None if level == "all" else LEVELS.index(level),
    )
    st.image(found.picture, width="stretch")
    st.metric("Customers", f"{found.customers:,}")
    left, right = st.columns(2)
    left.table(found.mix.set_index("Segment"))
    right.table(found.means.set_index("Measure"))


st.set_page_config(page_title="Segments", layout="wide")
st.navigation(
    [st.Page(overview, title="Overview", default=True), st.Page(where, title="Map", url_path="map")]
).run()
