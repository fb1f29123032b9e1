"""Trains the keyboard's sequence embedder on the strokes that export_strokes.ts wrote.

    python train_keyboard_embedder.py WORK MODELS [EPOCHS] [everyone]

Windows of one person come to lie together on the unit sphere. Two networks that differ in nothing but
their seed are trained, and exported as one that carries its state, so that a stroke of a live session
costs one step. Seeded; a run that was stopped goes on from its last epoch.

Without a last word the train part trains, and the calibrate part is new to it, as the fusion needs
it to be. With `everyone` all but the people held out train, for the embedder that is shipped; a
fusion that is there takes it over.
"""

import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from embedding import (Checkpoint, centroid, centroid_softmax, crowd, equal_error_rate, export,
                       hand_over, supervised_contrastive)
from keyboard_network import TAIL, Carrying, Ensemble, KeyboardEmbedder
from keyboard_strokes import EACH, HOP, LEAST, WINDOW, Strokes, at_tempo, disturbed

PEOPLE, DRAWS = 64, 15
NETWORKS = 2
CARRIED, CARRIED_STROKES = 0.1, 40
ENROLLED_SENTENCES = 5
TOLD_EPOCHS = 5
SEED = 20261123


def gallery(network, strokes, person):
    """Embeddings of the windows that live use would cut from the first sentences, sent as a stream."""
    start, end = person["start"], strokes.sentences(person)[ENROLLED_SENTENCES][0]
    stream = torch.from_numpy(strokes.window(start, end - start)[None])
    outputs = network.outputs(stream, torch.zeros(1, TAIL, stream.shape[2]))[0]
    return torch.cat([network.embed(outputs[:, max(0, at - WINDOW):at])
                      for at in range(LEAST, end - start + 1, HOP)])


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
                window = torch.from_numpy(window[None])
                outputs, _ = network.outputs(window, torch.zeros(1, TAIL, window.shape[2]))
                probes.append(network.embed(outputs))
                owner.append(number)
    distance = 1 - torch.cat(probes) @ torch.stack(centroids).T
    genuine = torch.tensor(owner).unsqueeze(1) == torch.arange(len(people))
    return equal_error_rate(distance[genuine].numpy(), distance[~genuine].numpy())


def train(name, seed, strokes, people, unseen, work, epochs):
    torch.manual_seed(seed)
    np.random.seed(seed)
    network = KeyboardEmbedder(len(strokes.channels))
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    chosen = min(PEOPLE, len(people))
    steps = max(1, len(people) * DRAWS // (chosen * EACH))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 3e-3, total_steps=epochs * steps, pct_start=0.2)
    checkpoint = Checkpoint(f"{work}/{name}.pt", network=network, optimiser=optimiser,
                            schedule=schedule)
    label = torch.arange(chosen).repeat_interleave(EACH)
    for epoch in range(checkpoint.load(), epochs):
        began, total = time.monotonic(), 0.0
        network.train()
        for _ in range(steps):
            drawn = np.random.choice(len(people), chosen, replace=False)
            length = WINDOW if np.random.rand() < 0.6 else np.random.randint(LEAST, WINDOW)
            before = CARRIED_STROKES if np.random.rand() < CARRIED else 0
            batch = strokes.batch([people[i] for i in drawn], length, before)
            embeddings = network(disturbed(at_tempo(torch.from_numpy(batch))), before)
            loss = (supervised_contrastive(embeddings, label)
                    + centroid_softmax(embeddings, chosen, EACH)) / 2
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        checkpoint.save(epoch + 1)
        told = ""
        if unseen and ((epoch + 1) % TOLD_EPOCHS == 0 or epoch + 1 == epochs):
            error = validate(network, strokes, unseen)
            told = f"sentence EER of unseen people {100 * error:.2f} %  "
        print(f"epoch {epoch + 1}/{epochs}  loss {total / steps:.3f}  {told}"
              f"{time.monotonic() - began:.0f} s", flush=True)
    return network.eval()


def ensemble(networks, strokes, people):
    """The networks as one, along as many axes as each of them has."""
    width = networks[0].head.out_features
    beside = Ensemble(networks, torch.eye(width * len(networks))).eval()
    with torch.no_grad():
        said = torch.cat([gallery(beside, strokes, person) for person in people])
    # Of few people nothing more is said, but there are as many axes.
    said = F.pad(said, (0, 0, 0, max(0, width - len(said))))
    axes = torch.linalg.svd(said, full_matrices=False)[2][:width].T
    return Ensemble(networks, axes.contiguous()).eval()


def main(work, models, epochs, everyone):
    strokes = Strokes(work)
    parts = ("train", "calibrate") if everyone else ("train",)
    people = [person for part in parts for person in strokes.part(part)]
    unseen = [] if everyone else strokes.part("calibrate")
    name = f"keyboard_embedder{'_everyone' * everyone}"
    network = ensemble([
        train(f"{name}_{number + 1}", SEED + number, strokes, people, unseen, work, epochs)
        for number in range(NETWORKS)], strokes, people)
    if unseen:
        error = validate(network, strokes, unseen)
        print(f"together: sentence EER of unseen people {100 * error:.2f} %", flush=True)

    stream = torch.from_numpy(strokes.window(people[0]["start"], WINDOW)[None])
    tail, width = stream.shape[2], network.hidden
    with torch.no_grad():
        past, (hidden, cell) = network.outputs(stream[:, :-HOP], torch.zeros(1, TAIL, tail))
        centroids = torch.stack([centroid(gallery(network, strokes, person)) for person in people])
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
            "crowd": crowd(centroids),
            "direction": "distance to the gallery: high is strange",
            "trainedOn": {"people": len(people), "part": " and ".join(parts), **strokes.split},
        })
    if everyone:
        hand_over("keyboard", models)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 60,
         sys.argv[4:] == ["everyone"])
