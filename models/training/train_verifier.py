"""Trains a modality's random-forest verifier on the comparisons that export_comparisons.ts wrote.

    python train_verifier.py MODALITY WORK MODELS

Two classes, 0 the subject and 1 someone else. Trees are kept small: the forest is one voice among
three, and its bytes are loaded at every start.
"""

import hashlib
import json
import os
import sys

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import RandomForestClassifier

TREES, LEAVES, LEAST_IN_LEAF = 80, 64, 20
SEED = 20261123
CHECKED_ROWS = 4


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
    name = f"{modality}_verifier"
    data = model.SerializeToString()
    with open(os.path.join(models, f"{name}.onnx"), "wb") as file:
        file.write(data)

    checked = rows[:CHECKED_ROWS]
    expected = forest.predict_proba(checked)
    found = onnxruntime.InferenceSession(data).run(None, {"comparison": checked})[1]
    assert np.abs(found - expected).max() < 1e-4, "the exported forest must score as the trained one"
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
