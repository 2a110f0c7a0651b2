"""Overview and Map of a run as a Dash app, written as its own guide advises.

Pages by ``register_page``, the run loaded once, one callback for each choice, compressed answers, plain
HTML tables, the map as one image. Usage: python dash_app.py RUN PREPARED PORT
"""

import base64
import sys
from functools import lru_cache
from pathlib import Path

import dash
import pandas as pd
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from frame import HIGH, LEVELS, PALETTE, WIDE, Peers, Selection
from plotly.subplots import make_subplots

run = Peers(Path(sys.argv[1]), Path(sys.argv[2]))
app = Dash(__name__, use_pages=True, pages_folder="", compress=True, title="Segments")


@lru_cache(maxsize=64)
def chosen(segment: int | None, level: int | None) -> Selection:
    """The customers of a choice."""
    return run.chosen(segment, level)


def table(frame: pd.DataFrame, **options: str) -> html.Table:
    """A plain table."""
    head = html.Thead(html.Tr([html.Th(column) for column in frame.columns]))
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in frame.itertuples(index=False)]
    return html.Table([head, html.Tbody(rows)], **options)


def quiet(figure: go.Figure, height: int) -> go.Figure:
    """The same frame for every figure."""
    return figure.update_layout(
        template="plotly_white", height=height, margin={"l": 10, "r": 40, "t": 40, "b": 10}, showlegend=False
    )


def bars(column: str, title: str) -> dcc.Graph:
    """Shares of the segments as bars with their numbers."""
    shares = run.segments[column]
    marks = go.Bar(
        x=shares,
        y=run.names,
        orientation="h",
        marker_color=list(PALETTE[: len(run.names)]),
        text=shares.map("{:.0%}".format),
        textposition="outside",
        cliponaxis=False,
    )
    figure = quiet(go.Figure(marks, {"title": title}), 240)
    figure.update_xaxes(visible=False).update_yaxes(autorange="reversed")
    return dcc.Graph(figure=figure, config={"displayModeBar": False}, style={"flex": "1"})


def dots() -> dcc.Graph:
    """The mean of each feature by segment against the line of all customers."""
    figure = make_subplots(cols=len(run.features), shared_yaxes=True, subplot_titles=run.features)
    for at, feature in enumerate(run.features, 1):
        marker = {"size": 11, "color": list(PALETTE[: len(run.names)])}
        figure.add_scatter(x=run.profile[feature], y=run.names, mode="markers", marker=marker, row=1, col=at)
        figure.add_vline(x=run.everyone[feature], line_dash="dot", row=1, col=at)
    figure.update_yaxes(autorange="reversed")
    return dcc.Graph(figure=quiet(figure, 240), config={"displayModeBar": False})


def overview() -> list[object]:
    """Who the segments are."""
    return [
        html.H1(run.headline),
        html.P(f"{run.manifest['customers']:,} customers in {len(run.names)} segments"),
        html.Div(
            [bars("share", "Share of customers"), bars("value_share", "Share of value")],
            style={"display": "flex"},
        ),
        html.H2("How the segments differ"),
        dots(),
        html.H2("Segments"),
        table(run.table),
    ]


def where() -> list[object]:
    """Where every customer is."""
    return [
        html.H1("Customer map"),
        dcc.RadioItems(["All", *run.names], "All", id="segment", inline=True),
        dcc.RadioItems(["all", *LEVELS], "all", id="level", inline=True),
        dcc.Graph(id="map", config={"displayModeBar": False}),
        html.P([html.B(id="count"), " customers"]),
        html.Div([html.Div(id="mix"), html.Div(id="means")], style={"display": "flex", "gap": "3rem"}),
    ]


@app.callback(
    Output("map", "figure"),
    Output("count", "children"),
    Output("mix", "children"),
    Output("means", "children"),
    Input("segment", "value"),
    Input("level", "value"),
)
def choose(segment: str, level: str) -> tuple[go.Figure, str, html.Table, html.Table]:
    """What a choice shows."""
    found = chosen(
        None if segment == "All" else run.names.index(segment),
        None if level == "all" else LEVELS.index(level),
    )
    picture = "data:image/png;base64," + base64.b64encode(found.picture).decode()
    figure = quiet(go.Figure(go.Image(source=picture)), 560)
    figure.update_xaxes(visible=False, range=[0, WIDE]).update_yaxes(visible=False, range=[HIGH, 0])
    return figure, f"{found.customers:,}", table(found.mix), table(found.means)


dash.register_page("overview", path="/", title="Overview", layout=overview)
dash.register_page("map", path="/map", title="Map", layout=where)
app.layout = html.Div(
    [
        html.Nav([dcc.Link("Overview", href="/"), " ", dcc.Link("Map", href="/map")]),
        dash.page_container,
    ]
)

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=sys.argv[3], debug=False)
