"""Records what PyTorch answers: state_dicts, spec files and outputs in ``torch/``.

pip install torch safetensors
python tests/recorded/make_torch.py
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

FOLDER = Path(__file__).parent / "torch"
WORDS, STEPS = 9, 6
IDS = torch.tensor(
    [[1, 2, 3, 4, 5, 6], [0, 0, 7, 8, 1, 2], [3, 0, 4, 0, 5, 0], [6, 7, 0, 0, 0, 0], [8] * STEPS,
     [0] * STEPS]
)  # fmt: skip


class Pooled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 4, padding_idx=0)
        self.hidden = nn.Linear(4, 5)
        self.out = nn.Linear(5, 2)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        mean = self.embedding(ids).mean(dim=1)
        return torch.softmax(self.out(torch.relu(self.hidden(mean))), dim=1)


class LastState(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 4)
        self.lstm = nn.LSTM(4, 3, num_layers=2, batch_first=True)
        self.norm = nn.BatchNorm1d(3)
        self.hidden = nn.Linear(3, 4)
        self.out = nn.Linear(4, 2, bias=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        _, (states, _) = self.lstm(self.embedding(ids))
        hidden = functional.leaky_relu(self.hidden(self.norm(states[-1])))
        return torch.softmax(self.out(hidden), dim=1)


class Convolved(nn.Module):
    """A text net of two window sizes, and a third branch that keeps all windows."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 4)
        self.convs = nn.ModuleList(
            [
                nn.Conv1d(4, 4, 2),
                nn.Conv1d(4, 4, 3, padding=1, groups=2),
                nn.Conv1d(4, 2, 2, padding="same", dilation=2),
            ]
        )
        self.norm = nn.LayerNorm(8)
        self.out = nn.Linear(8 + 2 * 3, 1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.embedding(ids).permute(0, 2, 1)
        largest = [torch.relu(conv(x)).max(dim=2).values for conv in self.convs[:2]]
        kept = functional.max_pool1d(functional.gelu(self.convs[2](x)), 2).flatten(1)
        joined = torch.cat([self.norm(torch.cat(largest, 1)), kept], dim=1)
        return torch.sigmoid(self.out(joined))


class Competition(nn.Module):
    """As people had it, but for the last states, which are those of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 4)
        self.embedding.weight.requires_grad = False
        self.embedding_dropout = nn.Dropout2d(0.1)
        self.lstm = nn.LSTM(4, 3, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(6, 3, bidirectional=True, batch_first=True)
        self.linear = nn.Linear(18 + 2, 5)
        self.dropout = nn.Dropout(0.1)
        self.out = nn.Linear(5, 1)

    def forward(self, ids: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        sequence, _ = self.lstm(self.embedding(ids))
        sequence, states = self.gru(sequence)
        last = torch.cat([states[0], states[1]], dim=1)
        pools = [sequence.mean(1), sequence.max(1).values]
        joined = torch.cat([last, *pools, features], dim=1)
        return torch.sigmoid(self.out(self.dropout(torch.relu(self.linear(joined)))))


def record(
    name: str, model: nn.Module, inputs: Sequence[torch.Tensor], names: Sequence[str]
) -> None:
    with torch.no_grad():
        for tensor in model.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(torch.randn(tensor.shape) * 0.7)
        for module in model.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.running_var.copy_(torch.rand(module.running_var.shape) + 0.5)
        output = model.eval()(*inputs)
    save_file(model.state_dict(), FOLDER / f"{name}.safetensors")
    (FOLDER / f"{name}.safetensors").chmod(0o644)
    if name == "pooled":
        torch.save(model.state_dict(), FOLDER / f"{name}.pt")
    arrays = {given: tensor.numpy() for given, tensor in zip(names, inputs, strict=True)}
    np.savez_compressed(FOLDER / f"{name}.npz", **arrays, output=output.numpy())


if __name__ == "__main__":
    torch.manual_seed(4)
    FOLDER.mkdir(exist_ok=True)
    record("pooled", Pooled(), [IDS], ["ids"])
    record("last_state", LastState(), [IDS], ["ids"])
    record("convolved", Convolved(), [IDS], ["ids"])
    record("competition", Competition(), [IDS, torch.randn(len(IDS), 2)], ["ids", "features"])
