"""Trains the pointer's sequence embedder on the rows that export_pointer.ts wrote.

    python train_pointer_embedder.py WORK MODELS [EPOCHS]

A chunk of movement on the 20 ms grid goes through strided convolutions, an LSTM, pooling by mean and
deviation, and a linear layer to a point on the unit sphere. Trained at several polling rates at once,
so that it learns the hand and not the mouse. Seeded; a stopped run goes on from its last epoch.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from embedding import Checkpoint, equal_error_rate, export, pool, supervised_contrastive

STEPS, EACH, BATCHES = 128, 4, 60
SCALE, MARGIN, SMOOTHING = 20.0, 0.2, 0.05
PIXEL_SCALE, RESIZE, JITTER = 8.0, 0.3, 0.02
ENROLLED, PROBE = 40, 5
SEED = 20261123


class PointerEmbedder(nn.Module):
    """[batch, 128 steps, 5 channels] -> [batch, 64], unit length."""

    def __init__(self, channels, width=64):
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv1d(channels, 48, 5, padding=2), nn.BatchNorm1d(48), nn.ReLU(),
            nn.Conv1d(48, 64, 5, stride=2, padding=2), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Conv1d(64, 96, 3, stride=2, padding=1), nn.BatchNorm1d(96), nn.ReLU())
        self.lstm = nn.LSTM(96, 80, batch_first=True)
        self.norm = nn.BatchNorm1d(160)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(160, width)

    def forward(self, chunk):
        hidden, _ = self.lstm(self.convolutions(chunk.transpose(1, 2)).transpose(1, 2))
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

    def part(self, name):
        return [person for person in self.people if person["part"] == name]

    def chunk(self, person):
        """A chunk from anywhere; long sessions are drawn from in proportion to their length."""
        spans = [s["rows"] for s in person["sessions"] if s["rows"][1] - s["rows"][0] > STEPS]
        lengths = np.array([end - start for start, end in spans], float)
        start, end = spans[np.random.choice(len(spans), p=lengths / lengths.sum())]
        at = np.random.randint(start, end - STEPS)
        return self.rows[at:at + STEPS]

    def chunks(self, session):
        start, end = session["rows"]
        places = range(start, end - STEPS + 1, STEPS)
        return torch.from_numpy(np.stack([self.rows[at:at + STEPS] for at in places]))


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
    """EER of 5 chunks against 40 at the device's own rate; the probe reported at `hz`."""
    network.eval()
    centroids, probes, owner = [], [], []
    with torch.no_grad():
        for number, person in enumerate(people):
            own = {(i // 4, s["hz"]): s for i, s in enumerate(person["sessions"])}
            enrolled = torch.cat([network(movement.chunks(s)) for (_, rate), s in own.items()
                                  if rate == 1000])
            probe = torch.cat([network(movement.chunks(s)) for (_, rate), s in own.items()
                               if rate == hz])[ENROLLED:]
            centroids.append(F.normalize(enrolled[:ENROLLED].sum(0), dim=0))
            groups = [F.normalize(probe[i:i + PROBE].sum(0), dim=0)
                      for i in range(0, len(probe) - PROBE + 1, PROBE)]
            probes += groups
            owner += [number] * len(groups)
    distance = 1 - torch.stack(probes) @ torch.stack(centroids).T
    genuine = torch.tensor(owner).unsqueeze(1) == torch.arange(len(people))
    return equal_error_rate(distance[genuine].numpy(), distance[~genuine].numpy())


def main(work, models, epochs):
    torch.manual_seed(SEED)
    np.random.seed(SEED)
    movement = Movement(work)
    train, calibrate = movement.part("train"), movement.part("calibrate")
    network = PointerEmbedder(len(movement.channels))
    prototypes = nn.Linear(64, len(train), bias=False)
    parameters = [*network.parameters(), *prototypes.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 3e-3, total_steps=epochs * BATCHES, pct_start=0.2)
    checkpoint = Checkpoint(f"{work}/pointer_embedder.pt", network=network, prototypes=prototypes,
                            optimiser=optimiser, schedule=schedule)
    labels = torch.arange(len(train)).repeat_interleave(EACH)
    for epoch in range(checkpoint.load(), epochs):
        began, total = time.monotonic(), 0.0
        network.train()
        for _ in range(BATCHES):
            batch = np.stack([movement.chunk(person) for person in train for _ in range(EACH)])
            embeddings = network(resized(torch.from_numpy(batch)))
            loss = (margin_softmax(embeddings, prototypes.weight, labels)
                    + supervised_contrastive(embeddings, labels) / 2)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        checkpoint.save(epoch + 1)
        errors = [100 * validate(network, movement, calibrate, hz) for hz in (1000, 30)]
        print(f"epoch {epoch + 1}/{epochs}  loss {total / BATCHES:.3f}  EER of unseen people, "
              f"own rate {errors[0]:.1f} %, 30 Hz {errors[1]:.1f} %  "
              f"{time.monotonic() - began:.0f} s", flush=True)

    network.eval()
    example = movement.chunks(calibrate[0]["sessions"][0])[:1]
    axes = {"chunk": {0: "batch"}}
    export(network, {"chunk": example}, {"embedding": ["batch", 64]}, axes, models, "pointer_embedder", {
        "window": {"activeMs": 12800, "hopMs": 2560},
        "features": movement.channels,
        "direction": "distance to the gallery: high is strange",
        "trainedOn": {"people": len(train), "part": "train", **movement.split},
    })


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 60)
