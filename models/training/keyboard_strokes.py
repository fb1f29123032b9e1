"""Strokes as export_strokes.ts wrote them, cut into batches and made strange in harmless ways."""

import json

import numpy as np
import torch

WINDOW, LEAST, HOP = 50, 30, 10
EACH = 4
JITTER_MS, DROPPED = 2, 0.1
TEMPO = 0.25
FIRST_CHANNEL, INTERVAL_CHANNELS = 8, slice(2, 8)


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
