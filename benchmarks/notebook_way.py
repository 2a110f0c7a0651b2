"""The same twelve pictures the way notebooks make them: pandas, seaborn, scikit-learn.

Usage: python benchmarks/notebook_way.py CUSTOMERS.csv FOLDER
"""

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from sklearn.preprocessing import StandardScaler

DPI = 100
PAIRPLOT_ROWS = 3_000
KS = range(2, 11)


def save(name: str, folder: Path) -> None:
    """Save the current figure and close it."""
    plt.savefig(folder / f"{name}.png", dpi=DPI, bbox_inches="tight")
    plt.close("all")


def explore(table: pd.DataFrame, folder: Path) -> None:
    """Five exploratory pictures."""
    features = list(table.columns)
    _, axes = plt.subplots(1, len(features), figsize=(4 * len(features), 4))
    for axis, feature in zip(axes, features, strict=True):
        sns.histplot(table[feature], kde=True, ax=axis)
    save("distributions", folder)
    plt.figure(figsize=(8, 6))
    sns.heatmap(table.corr(), annot=True, cmap="coolwarm")
    save("correlations", folder)
    sns.pairplot(table.sample(min(len(table), PAIRPLOT_ROWS), random_state=0))
    save("relationships", folder)
    _, axes = plt.subplots(1, len(features), figsize=(4 * len(features), 4))
    for axis, feature in zip(axes, features, strict=True):
        sns.boxplot(y=table[feature], ax=axis)
    save("EDA_1", folder)
    plt.figure(figsize=(8, 4))
    table.isna().sum().plot.barh()
    save("EDA_2", folder)


def sweep(points: np.ndarray, folder: Path) -> None:
    """Inertia and indices for each k, drawn."""
    fits = {k: KMeans(k, n_init=10, random_state=42).fit(points) for k in KS}
    plt.figure(figsize=(8, 5))
    plt.plot(list(KS), [fit.inertia_ for fit in fits.values()], "o-")
    save("elbow", folder)
    rows = {
        "silhouette": [silhouette_score(points, fit.labels_) for fit in fits.values()],
        "Calinski-Harabasz": [calinski_harabasz_score(points, fit.labels_) for fit in fits.values()],
        "Davies-Bouldin": [davies_bouldin_score(points, fit.labels_) for fit in fits.values()],
    }
    _, axes = plt.subplots(1, 3, figsize=(15, 4))
    for axis, (name, values) in zip(axes, rows.items(), strict=True):
        axis.plot(list(KS), values, "o-")
        axis.set_title(name)
    save("cluster_evaluate", folder)


def describe(table: pd.DataFrame, points: np.ndarray, folder: Path) -> None:
    """Five pictures of three clusters."""
    fit = KMeans(3, n_init=10, random_state=42).fit(points)
    labelled = table.assign(cluster=fit.labels_)
    means = labelled.groupby("cluster").mean()
    means.T.plot.bar(figsize=(10, 5))
    save("cluster_prof", folder)
    features = list(table.columns)
    _, axes = plt.subplots(1, len(features), figsize=(4 * len(features), 4))
    for axis, feature in zip(axes, features, strict=True):
        sns.histplot(labelled, x=feature, hue="cluster", ax=axis)
    save("distributions_cluster", folder)
    plane = PCA(2).fit_transform(points)
    plt.figure(figsize=(8, 6))
    sns.scatterplot(x=plane[:, 0], y=plane[:, 1], hue=fit.labels_, palette="deep")
    save("clusters_PCA", folder)
    plt.figure(figsize=(8, 4))
    sns.heatmap(pd.DataFrame(fit.cluster_centers_, columns=features) ** 2, annot=True)
    save("cluster_feature_final", folder)
    _, axes = plt.subplots(1, 2, figsize=(12, 5))
    labelled["cluster"].value_counts().plot.bar(ax=axes[0])
    sns.scatterplot(x=plane[:, 0], y=plane[:, 1], hue=fit.labels_, palette="deep", ax=axes[1])
    save("final", folder)


def main() -> None:
    """Read, fill, scale, draw."""
    source, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.read_csv(source).drop(columns="customer_id")
    explore(table, folder)
    filled = table.fillna(table.median())
    points = StandardScaler().fit_transform(filled)
    sweep(points, folder)
    describe(filled, points, folder)


if __name__ == "__main__":
    main()
