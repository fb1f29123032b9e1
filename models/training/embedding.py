"""What the embedders of both modalities share: pooling, losses, checkpoints, export."""

import base64
import hashlib
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.cluster import KMeans

TEMPERATURE = 0.1
CROWD, LEAST_CROWD, CONCENTRATION = 256, 64, 10


def pool(hidden):
    """Mean and deviation over time of [batch, time, width] -> [batch, 2 width]."""
    mean = hidden.mean(1)
    variance = (hidden - mean.unsqueeze(1)).pow(2).mean(1)
    return torch.cat([mean, (variance + 1e-4).sqrt()], 1)


def centroid(embeddings):
    """The direction of the sum of [count, width]."""
    return F.normalize(embeddings.sum(0), dim=0)


def supervised_contrastive(embeddings, labels):
    """Khosla et al. 2020: every other item of one's class is a positive."""
    similarity = embeddings @ embeddings.T / TEMPERATURE
    same = labels.unsqueeze(0) == labels.unsqueeze(1)
    itself = torch.eye(len(labels), dtype=torch.bool)
    log_share = similarity.masked_fill(itself, -1e9).log_softmax(1)
    positives = same & ~itself
    return -(log_share * positives).sum(1).div(positives.sum(1)).mean()


def centroid_softmax(embeddings, people, each):
    """Wan et al. 2018 (GE2E): find one's own class by its centroid, oneself left out of it.

    embeddings: [people * each, width], each person's items together.
    """
    grouped = embeddings.view(people, each, -1)
    total = grouped.sum(1)
    own = F.normalize((total.unsqueeze(1) - grouped).reshape(people * each, -1), dim=1)
    logits = embeddings @ F.normalize(total, dim=1).T
    label = torch.arange(people).repeat_interleave(each)
    logits = logits.scatter(1, label.unsqueeze(1), (embeddings * own).sum(1, keepdim=True))
    return F.cross_entropy(logits / TEMPERATURE, label)


def equal_error_rate(genuine, impostor):
    """Of scores where HIGH IS STRANGE: the rate at which both errors are equal."""
    scores = np.concatenate([genuine, impostor])
    order = np.argsort(scores, kind="stable")
    stranger = np.concatenate([np.zeros(len(genuine)), np.ones(len(impostor))])[order]
    missed = np.cumsum(stranger) / len(impostor)
    alarmed = 1 - np.cumsum(1 - stranger) / len(genuine)
    at = np.argmin(np.abs(missed - alarmed))
    return float((missed[at] + alarmed[at]) / 2)


def crowd(people):
    """What the people at large are like: directions that their centroids gather about, for the
    manifest as core/models/crowd.ts reads it. None where they are too few.

    people: [people, width], unit length.
    """
    count = min(CROWD, len(people) // 4)
    if count < LEAST_CROWD:
        return None
    found = KMeans(count, n_init=4, random_state=0).fit(people.numpy()).cluster_centers_
    found /= np.abs(found).max(1, keepdims=True)
    steps = np.round(127 * found).astype(np.int8)
    return {"directions": base64.b64encode(steps.tobytes()).decode(), "width": people.shape[1],
            "concentration": CONCENTRATION}


class Checkpoint:
    """A run's state on disk, so that a training that was stopped goes on where it was."""

    def __init__(self, path, **parts):
        self.path, self.parts = path, parts

    def load(self):
        if not os.path.exists(self.path):
            return 0
        state = torch.load(self.path, weights_only=False)
        for name, part in self.parts.items():
            part.load_state_dict(state[name])
        torch.set_rng_state(state["torch"])
        np.random.set_state(state["numpy"])
        return state["epoch"]

    def save(self, epoch):
        state = {name: part.state_dict() for name, part in self.parts.items()}
        state.update(epoch=epoch, torch=torch.get_rng_state(), numpy=np.random.get_state())
        torch.save(state, self.path + ".part")
        os.replace(self.path + ".part", self.path)


def hand_over(modality, models):
    """Binds the fusion to the embedder that was trained on everyone, those too whom it was fitted on."""
    path = os.path.join(models, f"{modality}_fusion.json")
    if not os.path.exists(path):
        return
    embedder_path = os.path.join(models, f"{modality}_embedder.json")
    with open(embedder_path) as file:
        embedder = json.load(file)
    with open(path) as file:
        fusion = json.load(file)
    # Too few people made no crowd when the fusion was fitted; everyone may be enough for one.
    if "crowd" in embedder and "crowd" not in fusion["terms"]:
        del embedder["crowd"]
        with open(embedder_path, "w") as file:
            json.dump(embedder, file, indent=1)
            file.write("\n")
    fusion["models"][f"{modality}_embedder"] = embedder["sha256"]
    fusion["calibratedOn"]["embedder"] = "trained on the train part alone"
    with open(path, "w") as file:
        json.dump(fusion, file, indent=1)
        file.write("\n")


def export(network, inputs, outputs, axes, models, name, manifest):
    """Writes models/NAME.onnx and its manifest with vectors that the server checks itself by.

    inputs: tensors by name, first what the model reads; outputs: their shapes by name, last the
    embedding; axes: the inputs' dimensions that vary, by name.
    """
    network.eval()
    path = os.path.join(models, f"{name}.onnx")
    shape = lambda key, dims: [axes.get(key, {}).get(i, size) for i, size in enumerate(dims)]
    torch.onnx.export(
        network, tuple(inputs.values()), path, input_names=list(inputs),
        output_names=list(outputs), opset_version=17, dynamo=False,
        dynamic_axes={**axes, **{key: {i: dim for i, dim in enumerate(dims) if isinstance(dim, str)}
                                 for key, dims in outputs.items()}},
    )
    with torch.no_grad():
        found = network(*inputs.values())
    embedding = found[-1] if isinstance(found, tuple) else found
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    rounded = lambda tensor: [round(float(value), 6) for value in tensor.flatten()]
    first, *rest = inputs.items()
    check = {"shape": list(first[1].shape), "input": rounded(first[1]), "output": rounded(embedding)}
    if rest:
        check["carried"] = {key: {"shape": list(value.shape), "values": rounded(value)}
                            for key, value in rest}
    parameters = sum(p.numel() for p in network.parameters())
    manifest = {
        "name": name, "kind": "embedder", "file": f"{name}.onnx", "sha256": digest,
        "inputs": [{"name": key, "shape": shape(key, value.shape)} for key, value in inputs.items()],
        "outputs": [{"name": key, "shape": dims} for key, dims in outputs.items()],
        **{key: value for key, value in manifest.items() if value is not None},
        "parameters": parameters, "check": check}
    with open(os.path.join(models, f"{name}.json"), "w") as file:
        json.dump(manifest, file, indent=1)
        file.write("\n")
