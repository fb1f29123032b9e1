"""Trains the keyboard's sequence embedder on the strokes that export_strokes.ts wrote.

    python train_keyboard_embedder.py WORK MODELS [EPOCHS]

Strokes go through a causal convolution and an LSTM, whose outputs over a window are pooled by mean and
deviation and led by a linear layer to a point on the unit sphere; windows of one person lie together.
Exported as a network that carries its state, so that a stroke of a live session costs one step.
Seeded; a run that was stopped goes on from its last epoch.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from embedding import (Checkpoint, centroid_softmax, crowd, equal_error_rate, export, pool,
                       supervised_contrastive)

WINDOW, LEAST, HOP = 50, 30, 10
ENROLLED_SENTENCES = 5
PEOPLE, EACH, DRAWS = 64, 4, 15
JITTER_MS, DROPPED = 2, 0.1
TEMPO = 0.25
CARRIED, CARRIED_STROKES = 0.1, 40
TAIL = 3
FIRST_CHANNEL, INTERVAL_CHANNELS = 8, slice(2, 8)
TOLD_EPOCHS = 5
SEED = 20261123


class KeyboardEmbedder(nn.Module):
    """[batch, strokes, channels] -> [batch, 128], unit length; the first `before` only lead up."""

    def __init__(self, channels, convolved=96, hidden=128, width=128):
        super().__init__()
        self.convolution = nn.Conv1d(channels, convolved, TAIL + 1)
        self.lstm = nn.LSTM(convolved, hidden, batch_first=True)
        self.norm = nn.BatchNorm1d(2 * hidden)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(2 * hidden, width)

    def outputs(self, strokes, tail, state=None):
        """What the LSTM says after each stroke, and its state after the last."""
        convolved = self.convolution(torch.cat([tail, strokes], 1).transpose(1, 2)).relu()
        return self.lstm(convolved.transpose(1, 2), state)

    def embed(self, outputs):
        return F.normalize(self.head(self.dropout(self.norm(pool(outputs)))), dim=1)

    def forward(self, strokes, before=0):
        tail = torch.zeros(len(strokes), TAIL, strokes.shape[2])
        return self.embed(self.outputs(strokes, tail)[0][:, before:])


class Carrying(nn.Module):
    """The network as it goes along a stream: new strokes and what was carried in, an embedding of the
    outputs `past` and new together and what is to be carried on out."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, strokes, tail, hidden, cell, past):
        outputs, (hidden, cell) = self.network.outputs(
            strokes, tail, (hidden.unsqueeze(0), cell.unsqueeze(0)))
        embedding = self.network.embed(torch.cat([past, outputs], 1))
        return outputs, hidden.squeeze(0), cell.squeeze(0), embedding


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

    def batch(self, people, length, before):
        """EACH windows of each person that share no stroke, with the strokes that lead up to them:
        [PEOPLE * EACH, before + length, channels]."""
        crops = []
        for person in people:
            first = person["start"] + before
            places = (person["end"] - first) // length
            offset = np.random.randint((person["end"] - first) % length + 1)
            for place in np.random.choice(places, EACH, replace=places < EACH):
                crops.append(self.window(first + offset + place * length - before, length + before))
        return np.stack(crops)

    def sentences(self, person):
        """[start, end) of each of a person's sessions."""
        starts = [person["start"] + at for at in person["sessions"]]
        return list(zip(starts, [*starts[1:], person["end"]]))


def at_tempo(batch):
    """Each person as somebody who holds keys longer or shorter and types faster or slower, the same
    in all of their windows: people who are nobody in the data, so that it cannot be learned by heart."""
    def factors():
        each = torch.exp((torch.rand(len(batch) // EACH, 1) * 2 - 1) * TEMPO)
        return each.repeat_interleave(EACH, 0)

    hold = ((batch[:, :, 0] / 2 + 4.6).exp() - 10).clamp(0, 1000) * factors()
    press = ((batch[:, :, 2] + 5.2).exp() - 20).clamp(0, 3000) * factors()
    hold, press = hold.clamp(max=1000), press.clamp(max=3000)
    before = torch.cat([hold[:, :1], hold[:, :-1]], 1)
    flight = (press - before).clamp(-1000, 3000)
    release = (flight + hold).clamp(-1000, 3000)
    # The scales of core/features/keystroke_tensor.ts.
    intervals = torch.stack([
        (press + 20).log() - 5.2, press.clamp(max=600) / 200 - 1,
        (flight / 40).asinh() - 1, flight.clamp(-200, 500) / 150 - 0.5,
        (release / 60).asinh() - 1.5, release.clamp(-200, 600) / 200 - 1], 2)
    begins = batch[:, :, FIRST_CHANNEL:FIRST_CHANNEL + 1] > 0.5
    holds = torch.stack([2 * ((hold + 10).log() - 4.6), hold / 100 - 1], 2)
    return torch.cat([holds, intervals.masked_fill(begins, 0), batch[:, :, FIRST_CHANNEL:]], 2)


def disturbed(batch):
    """Noise of a few ms on the time channels, and strokes of which nothing is told."""
    noise = torch.zeros_like(batch)
    scale = torch.tensor([2 / 110, 1 / 100, 1 / 200, 1 / 200, 1 / 60, 1 / 150, 1 / 100, 1 / 200])
    noise[:, :, :8] = torch.randn(*batch.shape[:2], 8) * JITTER_MS * scale
    noise[:, 0, INTERVAL_CHANNELS] = 0
    return (batch + noise) * (torch.rand(*batch.shape[:2], 1) > DROPPED)


def gallery(network, strokes, person):
    """Embeddings of the windows that live use would cut from the first sentences, sent as a stream."""
    start, end = person["start"], strokes.sentences(person)[ENROLLED_SENTENCES][0]
    stream = torch.from_numpy(strokes.window(start, end - start)[None])
    outputs = network.outputs(stream, torch.zeros(1, TAIL, stream.shape[2]))[0]
    return torch.cat([network.embed(outputs[:, max(0, at - WINDOW):at])
                      for at in range(LEAST, end - start + 1, HOP)])


def centroid(embeddings):
    return F.normalize(embeddings.sum(0), dim=0)


def validate(network, strokes, people):
    """EER over sentences of people who are not trained on, of 50 strokes at most, enrolled on five
    sentences that went through in one stream."""
    network.eval()
    centroids, probes, owner = [], [], []
    with torch.no_grad():
        for number, person in enumerate(people):
            centroids.append(centroid(gallery(network, strokes, person)))
            for start, end in strokes.sentences(person)[ENROLLED_SENTENCES:]:
                window = strokes.window(start, min(WINDOW, end - start))
                probes.append(network(torch.from_numpy(window[None])))
                owner.append(number)
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
    steps = len(train) * DRAWS // (PEOPLE * EACH)
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
            length = WINDOW if np.random.rand() < 0.6 else np.random.randint(LEAST, WINDOW)
            before = CARRIED_STROKES if np.random.rand() < CARRIED else 0
            batch = strokes.batch([train[i] for i in chosen], length, before)
            embeddings = network(disturbed(at_tempo(torch.from_numpy(batch))), before)
            loss = (supervised_contrastive(embeddings, label)
                    + centroid_softmax(embeddings, PEOPLE, EACH)) / 2
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        checkpoint.save(epoch + 1)
        told = ""
        if (epoch + 1) % TOLD_EPOCHS == 0 or epoch + 1 == epochs:
            error = validate(network, strokes, calibrate)
            told = f"sentence EER of unseen people {100 * error:.2f} %  "
        print(f"epoch {epoch + 1}/{epochs}  loss {total / steps:.3f}  {told}"
              f"{time.monotonic() - began:.0f} s", flush=True)

    network.eval()
    start = calibrate[0]["start"]
    stream = torch.from_numpy(strokes.window(start, WINDOW)[None])
    tail, width = stream.shape[2], network.lstm.hidden_size
    with torch.no_grad():
        past, (hidden, cell) = network.outputs(stream[:, :-HOP], torch.zeros(1, TAIL, tail))
        people = torch.stack([centroid(gallery(network, strokes, person)) for person in train])
    carried = {"tail": stream[:, -HOP - TAIL:-HOP], "hidden": hidden[0], "cell": cell[0],
               "past": past}
    export(
        Carrying(network), {"strokes": stream[:, -HOP:], **carried},
        {"outputs": ["batch", "strokes", width], "nextHidden": ["batch", width],
         "nextCell": ["batch", width], "embedding": ["batch", 128]},
        {"strokes": {0: "batch", 1: "strokes"}, "past": {0: "batch", 1: "past"},
         **{name: {0: "batch"} for name in ("tail", "hidden", "cell")}},
        models, "keyboard_embedder", {
            "window": {"strokes": WINDOW, "least": LEAST, "hop": HOP},
            "carriedWidth": width,
            "features": strokes.channels,
            "crowd": crowd(people),
            "direction": "distance to the gallery: high is strange",
            "trainedOn": {"people": len(train), "part": "train", **strokes.split},
        })


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 60)
