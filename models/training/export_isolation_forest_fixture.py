"""Writes scikit-learn's own isolation trees and scores, for ours to be held against.

    python export_isolation_forest_fixture.py tests/fixtures/sklearn_isolation_forest.json

Numbers alone, on data made up by a seeded generator.
"""

import json
import sys

import numpy as np
from sklearn.ensemble import IsolationForest

TREES, ROWS, SAMPLE, FEATURES, PROBES = 12, 96, 48, 4, 40


def main(path):
    random = np.random.default_rng(20261123)
    # scikit-learn splits 32-bit values, so the fixture holds values that are exact in 32 bits.
    rows = random.normal(size=(ROWS, FEATURES)).astype(np.float32)
    probes = (random.normal(size=(PROBES, FEATURES)) * 2).astype(np.float32)
    forest = IsolationForest(n_estimators=TREES, max_samples=SAMPLE, random_state=1).fit(rows)
    trees = []
    for estimator in forest.estimators_:
        tree = estimator.tree_
        trees.append({
            "feature": np.maximum(tree.feature, 0).tolist(),
            "threshold": [float(value) for value in tree.threshold],
            "left": tree.children_left.tolist(),
            "right": tree.children_right.tolist(),
            "size": tree.n_node_samples.tolist(),
        })
    fixture = {
        "sampleSize": SAMPLE,
        "trees": trees,
        "probes": [[float(value) for value in probe] for probe in probes],
        # score_samples is the opposite of the paper's score.
        "scores": [-float(score) for score in forest.score_samples(probes)],
    }
    with open(path, "w") as file:
        json.dump(fixture, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
