"""The network that embeds strokes, and how it goes along a stream."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from embedding import pool

# Strokes before its own that the convolution reads.
TAIL = 3


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


class Ensemble(nn.Module):
    """Networks that were trained apart, as one: their outputs and states lie side by side, and their
    embeddings too, told along the `axes` in which these differ most."""

    def __init__(self, networks, axes=None):
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.hidden = sum(network.lstm.hidden_size for network in networks)
        self.register_buffer("axes", axes)

    def outputs(self, strokes, tail, state=None):
        parts = len(self.networks)
        states = zip(*(part.chunk(parts, 2) for part in state)) if state else [None] * parts
        found = [network.outputs(strokes, tail, part and tuple(value.contiguous() for value in part))
                 for network, part in zip(self.networks, states)]
        outputs, states = zip(*found)
        return torch.cat(outputs, 2), tuple(torch.cat(part, 2) for part in zip(*states))

    def side_by_side(self, outputs):
        parts = outputs.chunk(len(self.networks), 2)
        return torch.cat([network.embed(part) for network, part in zip(self.networks, parts)], 1)

    def embed(self, outputs):
        return F.normalize(self.side_by_side(outputs) @ self.axes, dim=1)


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
