"""Fits the fusion of a modality's detectors on the scores that export_scores.ts wrote.

    python fit_fusion.py MODALITY WORK MODELS

Logistic regression, so its output is a log-likelihood ratio in nats (Brümmer and du Preez 2006). How
much its weights are held down is chosen by cross-validation over people. The intercept is shared out to
the terms' neutral points: a detector whose score is neutral says nothing, and one whose score is beyond
all but a few that were seen says no more than those.

Scores come from MODALITY_scores.json, or of the pointer from its folds'; with those of longer probes it
is fitted how a probe's windows are taken together.
"""

import glob
import json
import os
import sys

import numpy as np
from scipy.optimize import minimize

# What is not named here goes in as it is.
LOGIT, CLIP = "verifier", 0.001
LEAST = 0.2
# Tells nothing by itself, so it may be silent.
SILENT = {"keyboard": {"crowd"}, "pointer": {"steadiness"}}
# Share of scores at either end that range leaves out.
BEYOND = 0.005
RESULTANTS, LEEWAY = np.arange(0.5, 1.001, 0.02), 0.02
RIDGES = [0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001]
FOLDS = 8
SEED = 20261123


def fit(inputs, stranger, ridge, least):
    """Ridge logistic regression on scaled inputs, both classes weighted alike.

    No weight is below its least, nats a deviation: what is strange to a detector is never turned
    around, and each keeps a voice, for the day when another is fooled.
    """
    sign = np.where(stranger == 1, 1.0, -1.0)
    share = np.where(stranger == 1, 0.5 / (stranger == 1).sum(), 0.5 / (stranger == 0).sum())

    def loss(parameters):
        weights, intercept = parameters[:-1], parameters[-1]
        margin = sign * (inputs @ weights + intercept)
        slope = -share * sign / (1 + np.exp(margin))
        value = (share * np.logaddexp(0, -margin)).sum() + ridge * weights @ weights / 2
        return value, np.append(inputs.T @ slope + ridge * weights, slope.sum())

    bounds = [(floor, None) for floor in least] + [(None, None)]
    return minimize(loss, np.zeros(inputs.shape[1] + 1), jac=True, bounds=bounds).x


def cost(nats, stranger):
    """Cllr in bits: what the log-likelihood ratios cost whoever trusts them; 1 is knowing nothing."""
    own = np.logaddexp(0, nats[stranger == 0]).mean()
    other = np.logaddexp(0, -nats[stranger == 1]).mean()
    return (own + other) / 2 / np.log(2)


def scaling(inputs):
    return inputs.mean(0), inputs.std(0)


def least_of(modality, detectors):
    return [0 if name in SILENT[modality] else LEAST for name in detectors]


def choose_ridge(inputs, stranger, person, least):
    """The ridge that serves people it was not fitted on best, and what it costs them."""
    people = np.unique(person)
    folds = np.random.default_rng(SEED).permutation(len(people)) % min(FOLDS, len(people))
    costs = []
    for fold in range(folds.max() + 1):
        left_out = np.isin(person, people[folds == fold])
        centre, spread = scaling(inputs[~left_out])
        scaled = (inputs - centre) / spread
        row = []
        for ridge in RIDGES:
            *weights, intercept = fit(scaled[~left_out], stranger[~left_out], ridge, least)
            row.append(cost(scaled[left_out] @ np.array(weights) + intercept, stranger[left_out]))
        costs.append(row)
    mean = np.mean(costs, 0)
    best = int(np.argmin(mean))
    return RIDGES[best], mean[best]


def fit_terms(inputs, stranger, ridge, detectors, least):
    """The terms of the detectors by name, and the nats that a deviation of each score brings."""
    columns = inputs[:, list(detectors.values())]
    centre, spread = scaling(columns)
    *scaled, intercept = fit((columns - centre) / spread, stranger, ridge,
                             [least[name] for name in detectors])
    weights = np.array(scaled) / spread
    neutral = (columns[stranger == 0].mean(0) + columns[stranger == 1].mean(0)) / 2
    offset = float(intercept + weights @ (neutral - centre))
    strongest = int(np.argmax(scaled))
    neutral[strongest] -= offset / weights[strongest]
    terms = {
        name: {"transform": "logit" if name == LOGIT else "identity",
               "neutral": round(float(neutral[at]), 6), "weightNats": round(float(weights[at]), 6),
               "range": [round(float(end), 6)
                         for end in np.quantile(columns[:, at], [BEYOND, 1 - BEYOND])]}
        for at, name in enumerate(detectors)
    }
    return terms, weights * spread


def read_scores(modality, work):
    """All scores, folds' one after the other, each fold's profiles counted on from the last's."""
    paths = sorted(glob.glob(f"{work}/{modality}_scores_[0-9].json")) or [f"{work}/{modality}_scores.json"]
    people, rows, long = 0, [], []
    for path in paths:
        with open(path) as file:
            scores = json.load(file)
        rows += [row[:-1] + [row[-1] + people] for row in scores["rows"]]
        long += scores.get("long", [])
        people += scores["people"]
    return people, scores["detectors"], rows, long


def to_logit(column):
    probability = column.clip(CLIP, 1 - CLIP)
    return np.log(probability / (1 - probability))


def nats_of(terms, name, scores):
    """As core/evidence.ts has it; nothing for what is missing."""
    term = terms[name]
    scores = np.array(scores, float)
    transformed = to_logit(scores) if term["transform"] == "logit" else scores
    nats = term["weightNats"] * (np.clip(transformed, *term["range"]) - term["neutral"])
    return np.where(np.isnan(nats), 0, nats)


def fit_pooling(terms, detectors, long):
    """How long a hand's mean embedding is: the shortest with which long probes cost hardly more than
    they must, as models/evaluation/figures.ts takes their windows together. Over hours a hand varies
    more than in the minute that this is fitted on."""
    stranger = np.array([probe["row"][0] for probe in long], float)
    count = np.array([len(probe["windows"]) for probe in long], float)
    distance = np.array([probe["row"][detectors["sequence"] + 1] for probe in long], float)
    others = np.array([
        sum(nats_of(terms, name, [row[at + 1] for row in probe["windows"]]).mean()
            for name, at in detectors.items() if name != "sequence") for probe in long])
    costs = []
    for resultant in RESULTANTS:
        length = np.sqrt(resultant ** 2 + (1 - resultant ** 2) / count)
        costs.append(cost(others + nats_of(terms, "sequence", 1 - length * (1 - distance)), stranger))
    best = next(i for i, of in enumerate(costs) if of <= min(costs) + LEEWAY)
    print(f"resultant {RESULTANTS[best]:.2f}: Cllr of long probes {costs[best]:.3f} bits")
    return {"resultant": round(float(RESULTANTS[best]), 2)}


def main(modality, work, models):
    people, names, rows, long = read_scores(modality, work)
    rows = np.array(rows, float)
    stranger, inputs, person = rows[:, 0], rows[:, 1:-1].copy(), rows[:, -1]
    # What says nothing is neutral.
    inputs = np.where(np.isnan(inputs), np.nanmean(inputs, 0), inputs)
    detectors = {name: column for column, name in enumerate(names)}
    inputs[:, detectors[LOGIT]] = to_logit(inputs[:, detectors[LOGIT]])
    floors = least_of(modality, detectors)
    ridge, expected = choose_ridge(inputs, stranger, person, floors)
    least = dict(zip(detectors, floors))
    terms, share = fit_terms(inputs, stranger, ridge, detectors, least)
    # What leaving one out costs is measured with the others fitted anew.
    without = {
        left: fit_terms(inputs, stranger, ridge,
                        {name: at for name, at in detectors.items() if name != left}, least)[0]
        for left in detectors
    }
    pooling = {"pooling": fit_pooling(terms, detectors, long)} if long else {}

    digests = {}
    for part in ("embedder", "verifier"):
        with open(os.path.join(models, f"{modality}_{part}.json")) as file:
            digests[f"{modality}_{part}"] = json.load(file)["sha256"]
    manifest = {
        "kind": "fusion", "name": f"{modality}_fusion", "models": digests, "terms": terms,
        **pooling, "without": without,
        "calibratedOn": {"people": people,
                         "part": "train and calibrate, each by models trained without them" if long
                         else "calibrate",
                         "genuine": int((stranger == 0).sum()),
                         "impostor": int((stranger == 1).sum())},
    }
    with open(os.path.join(models, f"{modality}_fusion.json"), "w") as file:
        json.dump(manifest, file, indent=1)
        file.write("\n")
    print(f"{modality}: ridge {ridge}, Cllr of people left out {expected:.3f} bits, nats a deviation: "
          + ", ".join(f"{name} {share[i]:.2f}" for i, name in enumerate(detectors)))


if __name__ == "__main__":
    main(*sys.argv[1:4])
