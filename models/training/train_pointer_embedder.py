"""Trains the pointer's sequence embedder on the rows that export_pointer.ts wrote.

    python train_pointer_embedder.py WORK MODELS EPOCHS LEAVE

A chunk of movement on the 20 ms grid goes through convolutions, pooling by mean and deviation, and a
linear layer to a point on the unit sphere. Half of a person's chunks in a batch are of one session
and half of another, at several polling rates, so that it learns the hand and not the mouse or the
hour. Seeded; a stopped run goes on from its last epoch.

LEAVE is a fold of split.ts, whose people are new to it, as the fusion needs them to be; with `none` all
but the people held out train, for the embedder that is shipped. Two networks learn, and the embedder
is both.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from embedding import Checkpoint, centroid, equal_error_rate, export, pool, supervised_contrastive

STEPS, EACH, BATCHES = 128, 4, 35
NETWORKS, WIDTH = 2, 64
# The share of chunks from the first quarter of a minute of a session, when nobody is at ease yet.
OPENING, OPENING_STEPS = 0.2, 750
SCALE, MARGIN, SMOOTHING = 20.0, 0.2, 0.05
PIXEL_SCALE, RESIZE, JITTER = 8.0, 0.3, 0.02
PROBE = 5
SEED = 20261123
# As export_pointer.ts names the device's own rate.
NATIVE_HZ = 1000
# As core/features/pointer_rate.ts shows windows to it.
VIEWED_HZ = (60, 30)


class PointerEmbedder(nn.Module):
    """[batch, 128 steps, 5 channels] -> [batch, 64], unit length."""

    def __init__(self, channels, width=WIDTH):
        super().__init__()
        layers = []
        for taken, given, kernel, stride in ((channels, 48, 5, 1), (48, 64, 5, 2), (64, 96, 3, 2),
                                             (96, 96, 3, 1), (96, 96, 3, 1)):
            layers += [nn.Conv1d(taken, given, kernel, stride=stride, padding=kernel // 2),
                       nn.BatchNorm1d(given), nn.ReLU()]
        self.convolutions = nn.Sequential(*layers)
        self.norm = nn.BatchNorm1d(192)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(192, width)

    def forward(self, chunk):
        hidden = self.convolutions(chunk.transpose(1, 2)).transpose(1, 2)
        return F.normalize(self.head(self.dropout(self.norm(pool(hidden)))), dim=1)


class Movement:
    """Every person's sessions at every rate, with crops of them as chunks."""

    def __init__(self, work):
        with open(f"{work}/pointer.json") as file:
            index = json.load(file)
        self.channels, self.split = index["channels"], index["split"]
        rows = np.fromfile(f"{work}/pointer.f32", np.float32)
        self.rows = rows.reshape(index["rows"], len(self.channels))
        self.people = index["people"]

    def sides(self, leave):
        """Who trains, and who is left out; where nobody is, some of those who train."""
        people = [person for person in self.people if person["part"] != "heldOut"]
        train = [person for person in people if str(person["fold"]) != leave]
        return train, [person for person in people if person not in train] or train[::5]

    def recordings(self, person):
        """The person's sessions long enough for a chunk, the shortest first: their rows by rate."""
        found = {}
        for session in person["sessions"]:
            start, end = session["rows"]
            if end - start > STEPS:
                found.setdefault(session["session"], []).append((start, end, session["hz"]))
        return sorted(found.values(), key=lambda spans: max(end - start for start, end, _ in spans))

    def halves(self, person):
        """What each half of a person's chunks in a batch is cut from: the longest session and the
        others, or where there is one alone, that twice."""
        *others, longest = self.recordings(person)
        # The device's own rate counts twice.
        spans = lambda recordings: [span for recording in recordings for span in recording
                                    for _ in range(2 if span[2] == NATIVE_HZ else 1)]
        return spans(others or [longest]), spans([longest])

    def draw(self, spans, count):
        """Where chunks begin; long sessions are drawn from in proportion to their length."""
        lengths = np.array([end - start - STEPS for start, end, _ in spans], float)
        places = []
        for at in np.random.choice(len(spans), count, p=lengths / lengths.sum()):
            start, end, _ = spans[at]
            if np.random.rand() < OPENING:
                end = min(end, start + OPENING_STEPS)
            places.append(np.random.randint(start, end - STEPS + 1))
        return places

    def at(self, places):
        return torch.from_numpy(np.stack([self.rows[at:at + STEPS] for at in places]))

    def chunks(self, span):
        start, end, _ = span
        return self.at(range(start, end - STEPS + 1, STEPS))


def resized(batch):
    """The same movement made larger or smaller, as on another screen, with a little noise."""
    factor = torch.exp((torch.rand(len(batch), 1, 1) * 2 - 1) * RESIZE)
    moved = torch.sinh(batch[:, :, :2]) * factor
    moved = moved + torch.randn_like(moved) * JITTER
    speed = torch.log(moved.norm(dim=2, keepdim=True) + 0.1) / 1.5
    return torch.cat([torch.asinh(moved), speed, batch[:, :, 3:]], 2)


def margin_softmax(embeddings, prototypes, labels):
    """Wang et al. 2018: a person's chunks lie nearer to their prototype by a margin."""
    cosine = embeddings @ F.normalize(prototypes, dim=1).T
    cosine = cosine - MARGIN * F.one_hot(labels, len(prototypes))
    return F.cross_entropy(SCALE * cosine, labels, label_smoothing=SMOOTHING)


def validate(network, movement, people, hz):
    """EER of 5 chunks of the shortest session, reported at `hz`, against the whole longest one."""
    network.eval()
    centroids, probes, owner = [], [], []
    with torch.no_grad():
        for number, person in enumerate(people):
            recordings = movement.recordings(person)
            of = lambda recording, rate: next(span for span in recording if span[2] == rate)
            enrolled = network(movement.chunks(of(recordings[-1], NATIVE_HZ)))
            probe = network(movement.chunks(of(recordings[0], hz)))
            centroids.append(centroid(enrolled))
            groups = [centroid(probe[i:i + PROBE])
                      for i in range(0, len(probe) - PROBE + 1, PROBE)]
            probes += groups
            owner += [number] * len(groups)
    distance = 1 - torch.stack(probes) @ torch.stack(centroids).T
    genuine = torch.tensor(owner).unsqueeze(1) == torch.arange(len(people))
    return equal_error_rate(distance[genuine].numpy(), distance[~genuine].numpy())


class Ensemble(nn.Module):
    """Networks that differ by chance alone, side by side, seen along the directions that hold most of
    what they say: [batch, 128 steps, 5 channels] -> [batch, 64], unit length."""

    def __init__(self, networks, projection):
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.register_buffer("projection", projection)

    def forward(self, chunk):
        together = torch.cat([network(chunk) for network in self.networks], 1)
        return F.normalize(together @ self.projection, dim=1)


def combine(networks, movement, people):
    """The ensemble, by the singular vectors of what the networks say of those they learned from."""
    with torch.no_grad():
        said = torch.cat([
            torch.cat([network(movement.chunks(span)) for network in networks], 1)
            for person in people for recording in movement.recordings(person)
            for span in recording if span[2] in VIEWED_HZ])
    values, directions = torch.linalg.eigh(said.T @ said)
    kept = directions[:, -WIDTH:].flip(1)
    # The sign of a direction is arbitrary; fixed, so that the same people give the same file.
    kept = kept * kept.gather(0, kept.abs().argmax(0, keepdim=True)).sign()
    print(f"kept of what the networks say: {values[-WIDTH:].sum() / values.sum():.4f}")
    return Ensemble(networks, kept)


def train(movement, people, others, epochs, seed, path):
    """One network; `others` are only looked at."""
    torch.manual_seed(seed)
    np.random.seed(seed)
    halves = [half for person in people for half in movement.halves(person)]
    network = PointerEmbedder(len(movement.channels))
    prototypes = nn.Linear(WIDTH, len(people), bias=False)
    parameters = [*network.parameters(), *prototypes.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 3e-3, total_steps=epochs * BATCHES, pct_start=0.2)
    checkpoint = Checkpoint(path, network=network, prototypes=prototypes, optimiser=optimiser,
                            schedule=schedule)
    labels = torch.arange(len(people)).repeat_interleave(EACH)
    for epoch in range(checkpoint.load(), epochs):
        began, total = time.monotonic(), 0.0
        network.train()
        for _ in range(BATCHES):
            places = [at for spans in halves for at in movement.draw(spans, EACH // 2)]
            embeddings = network(resized(movement.at(places)))
            loss = (margin_softmax(embeddings, prototypes.weight, labels)
                    + supervised_contrastive(embeddings, labels) / 2)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        checkpoint.save(epoch + 1)
        errors = [100 * validate(network, movement, others, hz) for hz in (NATIVE_HZ, 30)]
        print(f"epoch {epoch + 1}/{epochs}  loss {total / BATCHES:.3f}  "
              f"EER own rate {errors[0]:.1f} %, 30 Hz {errors[1]:.1f} %  "
              f"{time.monotonic() - began:.0f} s", flush=True)
    return network.eval()


def main(work, models, epochs, leave):
    movement = Movement(work)
    people, others = movement.sides(leave)
    networks = [train(movement, people, others, epochs, SEED + number,
                      f"{work}/pointer_embedder_{leave}_{number}.pt") for number in range(NETWORKS)]
    network = combine(networks, movement, people).eval()
    whose = "those who train" if leave == "none" else "people left out"
    print(f"EER of {whose}: " + ", ".join(
        f"{100 * validate(network, movement, others, hz):.1f} % at {hz} Hz" for hz in (60, 30)))
    example = movement.chunks(movement.recordings(people[0])[0][0])[:1]
    axes = {"chunk": {0: "batch"}}
    export(network, {"chunk": example}, {"embedding": ["batch", WIDTH]}, axes, models, "pointer_embedder", {
        "window": {"activeMs": 12800, "hopMs": 2560},
        "features": movement.channels,
        "direction": "distance to the gallery: high is strange",
        "trainedOn": {"people": len(people), "part": "train and calibrate", **movement.split},
    })


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
