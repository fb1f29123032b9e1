"""Trains the keyboard's sequence embedder on the strokes that export_strokes.ts wrote.

    python train_keyboard_embedder.py WORK MODELS [EPOCHS]

A window of strokes goes through a causal convolution, an LSTM, pooling by mean and deviation, and a
linear layer to a point on the unit sphere; windows of one person lie together. Seeded; a run that was
stopped goes on from its last epoch.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from embedding import (Checkpoint, centroid_softmax, equal_error_rate, export, pool,
                       supervised_contrastive)

WINDOW, HOP = 50, 10
PEOPLE, EACH = 64, 4
JITTER_MS = 2
FIRST_CHANNEL, INTERVAL_CHANNELS = 8, slice(2, 8)
SEED = 20261123


class KeyboardEmbedder(nn.Module):
    """[batch, strokes, channels] -> [batch, 128], unit length."""

    def __init__(self, channels, convolved=96, hidden=128, width=128):
        super().__init__()
        self.convolution = nn.Conv1d(channels, convolved, 4)
        self.lstm = nn.LSTM(convolved, hidden, batch_first=True)
        self.norm = nn.BatchNorm1d(2 * hidden)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(2 * hidden, width)

    def forward(self, strokes):
        convolved = self.convolution(F.pad(strokes.transpose(1, 2), (3, 0))).relu()
        hidden, _ = self.lstm(convolved.transpose(1, 2))
        return F.normalize(self.head(self.dropout(self.norm(pool(hidden)))), dim=1)


class Strokes:
    """Every person's rows, with crops of them as windows."""

    def __init__(self, work):
        with open(f"{work}/strokes.json") as file:
            index = json.load(file)
        self.channels, self.split = index["channels"], index["split"]
        rows = np.fromfile(f"{work}/strokes.f32", np.float32)
        self.rows = rows.reshape(index["rows"], len(self.channels))
        people = index["people"]
        ends = [person["start"] for person in people[1:]] + [index["rows"]]
        for person, end in zip(people, ends):
            person["end"] = end
        self.people = [p for p in people if p["end"] - p["start"] >= (EACH + 1) * WINDOW]

    def part(self, name):
        return [person for person in self.people if person["part"] == name]

    def window(self, start, length):
        crop = self.rows[start:start + length].copy()
        crop[0, INTERVAL_CHANNELS] = 0
        crop[0, FIRST_CHANNEL] = 1
        return crop

    def batch(self, people, length):
        """EACH windows of each person that share no stroke: [PEOPLE * EACH, length, channels]."""
        crops = []
        for person in people:
            places = (person["end"] - person["start"]) // length
            offset = np.random.randint((person["end"] - person["start"]) % length + 1)
            for place in np.random.choice(places, EACH, replace=False):
                crops.append(self.window(person["start"] + offset + place * length, length))
        return np.stack(crops)


def jittered(batch):
    """Moves the time channels as noise of a few ms on a typical stroke would."""
    noise = torch.zeros_like(batch)
    scale = torch.tensor([2 / 110, 1 / 100, 1 / 200, 1 / 200, 1 / 60, 1 / 150, 1 / 100, 1 / 200])
    noise[:, :, :8] = torch.randn(*batch.shape[:2], 8) * JITTER_MS * scale
    noise[:, 0, INTERVAL_CHANNELS] = 0
    return batch + noise


def validate(network, strokes, people):
    """EER over windows of people who are not trained on, enrolled on their first 200 strokes."""
    network.eval()
    centroids, probes, owner = [], [], []
    with torch.no_grad():
        for number, person in enumerate(people):
            starts = range(person["start"], person["end"] - WINDOW + 1, WINDOW)
            windows = torch.from_numpy(np.stack([strokes.window(s, WINDOW) for s in starts]))
            embeddings = network(windows)
            centroids.append(F.normalize(embeddings[:4].mean(0), dim=0))
            probes.append(embeddings[4:])
            owner += [number] * (len(embeddings) - 4)
    distance = 1 - torch.cat(probes) @ torch.stack(centroids).T
    genuine = torch.tensor(owner).unsqueeze(1) == torch.arange(len(people))
    return equal_error_rate(distance[genuine].numpy(), distance[~genuine].numpy())


def main(work, models, epochs):
    torch.manual_seed(SEED)
    np.random.seed(SEED)
    strokes = Strokes(work)
    train, calibrate = strokes.part("train"), strokes.part("calibrate")
    network = KeyboardEmbedder(len(strokes.channels))
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = len(train) * 15 // (PEOPLE * EACH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 3e-3, total_steps=epochs * steps, pct_start=0.2)
    checkpoint = Checkpoint(f"{work}/keyboard_embedder.pt", network=network, optimiser=optimiser,
                            schedule=schedule)
    label = torch.arange(PEOPLE).repeat_interleave(EACH)
    for epoch in range(checkpoint.load(), epochs):
        began, total = time.monotonic(), 0.0
        network.train()
        for _ in range(steps):
            chosen = np.random.choice(len(train), PEOPLE, replace=False)
            length = WINDOW if np.random.rand() < 0.7 else np.random.randint(30, WINDOW)
            batch = strokes.batch([train[i] for i in chosen], length)
            embeddings = network(jittered(torch.from_numpy(batch)))
            loss = (supervised_contrastive(embeddings, label)
                    + centroid_softmax(embeddings, PEOPLE, EACH)) / 2
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        checkpoint.save(epoch + 1)
        error = validate(network, strokes, calibrate)
        print(f"epoch {epoch + 1}/{epochs}  loss {total / steps:.3f}  "
              f"window EER of unseen people {100 * error:.2f} %  "
              f"{time.monotonic() - began:.0f} s", flush=True)

    example = strokes.window(calibrate[0]["start"], WINDOW)[None]
    export(network, torch.from_numpy(example), "strokes", {0: "batch", 1: "strokes"}, models,
           "keyboard_embedder", {
               "inputs": [{"name": "strokes", "shape": ["batch", "strokes", len(strokes.channels)]}],
               "outputs": [{"name": "embedding", "shape": ["batch", 128]}],
               "window": {"strokes": WINDOW, "hop": HOP},
               "features": strokes.channels,
               "direction": "distance to the gallery: high is strange",
               "trainedOn": {"people": len(train), "part": "train", **strokes.split},
           })


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 40)
