"""Fits a modality's discriminant on the vectors that export_vectors.ts wrote.

    python fit_discriminant.py MODALITY WORK [LEAVE]

The directions in which people differ most for how little they vary themselves (Fisher 1936), on
features scaled by the population's median and interquartile range. How far the scatter within people
is drawn towards its diagonal is set by hand for few people. LEAVE is the fold of split.ts that is left
out, or `none`; without it the train part alone is read.
"""

import json
import sys

import numpy as np

AXES = {"keyboard": 24, "pointer": 16}
SHRINKAGE = {"keyboard": 0.01, "pointer": 0.1}
FARTHEST = 4
LEAST_RANGE = 1e-6
LEAST_WINDOWS = 4


def trains(person, leave):
    """As split.ts has it."""
    if leave is None:
        return person["part"] == "train"
    return person["part"] != "heldOut" and str(person["fold"]) != leave


def main(modality, work, leave=None):
    with open(f"{work}/{modality}_vectors.json") as file:
        index = json.load(file)
    rows = np.fromfile(f"{work}/{modality}_vectors.f32", np.float32)
    rows = rows.reshape(index["rows"], len(index["features"])).astype(np.float64)
    people, at = [], 0
    for person in index["people"]:
        windows = sum(count for _, count in person["sessions"])
        if trains(person, leave) and windows >= LEAST_WINDOWS:
            people.append(rows[at:at + windows])
        at += windows

    seen = np.concatenate(people)
    present = np.isfinite(seen).any(0)
    centre, spread = np.zeros(seen.shape[1]), np.ones(seen.shape[1])
    low, centre[present], high = np.nanpercentile(seen[:, present], [25, 50, 75], axis=0)
    spread[present] = high - low
    # A feature that hardly ever varies tells nobody apart.
    spread[spread < LEAST_RANGE] = 1

    def scaled(windows):
        ranges = np.clip((windows - centre) / spread, -FARTHEST, FARTHEST)
        return np.where(np.isfinite(ranges), ranges, 0)

    views = [scaled(windows) for windows in people]
    means = np.stack([view.mean(0) for view in views])
    scatter = sum((view - mean).T @ (view - mean) for view, mean in zip(views, means))
    within = scatter / sum(len(view) - 1 for view in views)
    share = SHRINKAGE[modality]
    within = (1 - share) * within + share * np.diag(within.diagonal()) + 1e-3 * np.eye(len(within))
    whitening = np.linalg.cholesky(np.linalg.inv(within))
    values, directions = np.linalg.eigh(whitening.T @ np.cov(means.T) @ whitening)
    order = np.argsort(-values)[:AXES[modality]]
    projection = whitening @ directions[:, order]
    # The sign of a direction is arbitrary; fixed, so that the same people give the same file.
    projection *= np.sign(projection[np.abs(projection).argmax(0), np.arange(len(order))])
    offset = np.mean([view.mean(0) for view in views], 0) @ projection
    # A mean over few windows is off by itself; what is left differs between people.
    between = np.maximum(values[order] - np.mean([1 / len(view) for view in views]), 1e-3)
    digits = lambda array: [float(f"{value:.5g}") for value in np.ravel(array)]
    with open(f"{work}/{modality}_discriminant.json", "w") as file:
        json.dump({"centre": digits(centre), "range": digits(spread),
                   "projection": digits(projection), "offset": digits(offset),
                   "between": digits(between)}, file)
    print(f"{modality}: {len(people)} people, variance between people by axis "
          + ", ".join(f"{value:.1f}" for value in between[:8]) + " …")


if __name__ == "__main__":
    main(*sys.argv[1:])
