"""Fits the fusion of a modality's three detectors on the scores that export_scores.ts wrote.

    python fit_fusion.py MODALITY WORK MODELS

Logistic regression with both classes weighted alike, so its output is a log-likelihood ratio in nats
(Brümmer and du Preez 2006). The intercept is shared out to the terms' neutral points: a detector
whose score is neutral says nothing.
"""

import json
import os
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

DETECTORS = ["isolationForest", "sequence", "verifier"]
TRANSFORMS = {"isolationForest": "identity", "sequence": "identity", "verifier": "logit"}
CLIP = 0.001


def main(modality, work, models):
    with open(f"{work}/{modality}_scores.json") as file:
        scores = json.load(file)
    rows = np.array(scores["rows"])
    stranger, inputs = rows[:, 0], rows[:, 1:].copy()
    probability = inputs[:, 2].clip(CLIP, 1 - CLIP)
    inputs[:, 2] = np.log(probability / (1 - probability))
    spread = inputs.std(0)
    fit = LogisticRegression(C=100.0, class_weight="balanced").fit(inputs / spread, stranger)
    weights = fit.coef_[0] / spread
    middle = (inputs[stranger == 0].mean(0) + inputs[stranger == 1].mean(0)) / 2
    offset = float(fit.intercept_[0] + weights @ middle)
    neutral = middle.copy()
    strongest = int(np.argmax(np.abs(fit.coef_[0])))
    neutral[strongest] -= offset / weights[strongest]

    digests = {}
    for part in ("embedder", "verifier"):
        with open(os.path.join(models, f"{modality}_{part}.json")) as file:
            digests[f"{modality}_{part}"] = json.load(file)["sha256"]
    terms = {
        name: {"transform": TRANSFORMS[name], "neutral": round(float(neutral[i]), 6),
               "weightNats": round(float(weights[i]), 6)}
        for i, name in enumerate(DETECTORS)
    }
    manifest = {
        "kind": "fusion", "name": f"{modality}_fusion", "models": digests, "terms": terms,
        "calibratedOn": {"people": scores["people"], "part": "calibrate",
                         "genuine": int((stranger == 0).sum()),
                         "impostor": int((stranger == 1).sum())},
    }
    with open(os.path.join(models, f"{modality}_fusion.json"), "w") as file:
        json.dump(manifest, file, indent=1)
        file.write("\n")
    share = weights * spread
    print(f"{modality}: nats a deviation: "
          + ", ".join(f"{name} {share[i]:.2f}" for i, name in enumerate(DETECTORS)))


if __name__ == "__main__":
    main(*sys.argv[1:4])
