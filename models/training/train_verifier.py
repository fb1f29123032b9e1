"""Trains a modality's verifier on the comparisons that export_comparisons.ts wrote.

    python train_verifier.py MODALITY WORK MODELS

Two classes, 0 the subject and 1 someone else. A random forest, kept small: it is one voice among
several, and its bytes are loaded at every start. Where people are few, as the pointer's are, logistic
regression tells strangers apart better than trees do, and the probabilities of both are averaged.
"""

import hashlib
import json
import os
import sys

import numpy as np
import onnxruntime
from onnx import helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

TREES, LEAVES, LEAST_IN_LEAF = 80, 64, 20
# How much of the probability is the logistic regression's, and its inverse ridge.
LINEAR_SHARE = {"keyboard": 0, "pointer": 0.85}
LINEAR_C, FARTHEST = 0.003, 4
SEED = 20261123
CHECKED_ROWS = 4


class Linear:
    """Logistic regression on deviations from the mean, held within FARTHEST of them."""

    def __init__(self, rows, labels):
        self.centre, self.spread = rows.mean(0), rows.std(0) + 1e-6
        fitted = LogisticRegression(C=LINEAR_C, max_iter=1000).fit(self.scaled(rows), labels)
        self.weights, self.intercept = fitted.coef_[0], fitted.intercept_[0]

    def scaled(self, rows):
        return np.clip((rows - self.centre) / self.spread, -FARTHEST, FARTHEST)

    def probability(self, rows):
        return 1 / (1 + np.exp(-self.scaled(rows) @ self.weights - self.intercept))


def average(model, linear, share):
    """Adds to the forest's graph what takes the weighted mean of its probabilities and the other's."""
    graph = model.graph
    given, found = graph.input[0].name, graph.output[1].name
    constants = {
        "centre": linear.centre, "spread": linear.spread, "near": -FARTHEST, "far": FARTHEST,
        "weights": np.outer(linear.weights, [-0.5, 0.5]),
        "intercept": linear.intercept * np.array([-0.5, 0.5]),
        "linearShare": share, "forestShare": 1 - share,
    }
    for name, value in constants.items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
    for node in graph.node:
        node.output[:] = ["forest" if name == found else name for name in node.output]
    steps = [("Sub", [given, "centre"], "off"), ("Div", ["off", "spread"], "deviations"),
             ("Clip", ["deviations", "near", "far"], "held"),
             ("MatMul", ["held", "weights"], "product"), ("Add", ["product", "intercept"], "margin"),
             ("Softmax", ["margin"], "linear"),
             ("Mul", ["linear", "linearShare"], "linearPart"),
             ("Mul", ["forest", "forestShare"], "forestPart"),
             ("Add", ["linearPart", "forestPart"], found)]
    graph.node.extend([helper.make_node(kind, inputs, [output], axis=1) if kind == "Softmax"
                       else helper.make_node(kind, inputs, [output])
                       for kind, inputs, output in steps])


def main(modality, work, models):
    with open(f"{work}/{modality}_comparisons.json") as file:
        index = json.load(file)
    labels = np.array(index["labels"])
    rows = np.fromfile(f"{work}/{modality}_comparisons.f32", np.float32).reshape(len(labels), -1)
    forest = RandomForestClassifier(
        TREES, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST_IN_LEAF, max_features="sqrt",
        oob_score=True, random_state=SEED, n_jobs=1)
    forest.fit(rows, labels)
    print(f"{modality}: out-of-bag accuracy {forest.oob_score_:.3f} on {len(labels)} comparisons")

    model = to_onnx(forest, initial_types=[("comparison", FloatTensorType([None, rows.shape[1]]))],
                    options={id(forest): {"zipmap": False}}, target_opset=17)
    checked = rows[:CHECKED_ROWS]
    expected = forest.predict_proba(checked)
    share = LINEAR_SHARE[modality]
    if share:
        linear = Linear(rows, labels)
        average(model, linear, share)
        stranger = linear.probability(checked)
        expected = (1 - share) * expected + share * np.stack([1 - stranger, stranger], 1)
    name = f"{modality}_verifier"
    data = model.SerializeToString()
    with open(os.path.join(models, f"{name}.onnx"), "wb") as file:
        file.write(data)

    found = onnxruntime.InferenceSession(data).run(None, {"comparison": checked})[1]
    assert np.abs(found - expected).max() < 1e-4, "the exported model must score as the trained one"
    manifest = {
        "kind": "verifier", "name": name, "file": f"{name}.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "inputs": [{"name": "comparison", "shape": ["batch", rows.shape[1]]}],
        "outputs": [{"name": "probabilities", "shape": ["batch", 2]}],
        "features": index["names"],
        "direction": "P(someone else): high is strange",
        "withinDeviation": [float(f"{value:.6g}") for value in index["withinDeviation"]],
        "discriminant": index["discriminant"],
        "trees": TREES,
        "trainedOn": index["trainedOn"],
        "check": {
            "shape": list(checked.shape),
            "input": [float(value) for value in checked.flatten()],
            "output": [round(float(value), 6) for value in expected.flatten()],
        },
    }
    with open(os.path.join(models, f"{name}.json"), "w") as file:
        json.dump(manifest, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
