"""The reader in torch: the packed encoder with low-rank adapters (LoRA, Hu et al. 2021) and a head over sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from assistant.reading.inputs import ReaderInput
from ingest.embedding.packed import PackedModel
from ingest.embedding.torch_engine import DENSE, bert

RANK = 16
LAYERS = 8  # the upper ones are adapted
# Rows are padded to a multiple of so many tokens: torch prepares its matrix products anew for every length that it has not seen.
WIDE = 64
LIKENESS, TYPICAL = 50.0, 0.86  # the share of MaxSim at first, and what it is where nothing answers


class Adapted(nn.Module):
    """A matrix that stays as it is, and the product of two thin ones that are learned."""

    def __init__(self, dense: nn.Linear, rank: int) -> None:
        super().__init__()
        self.dense = dense
        self.down = nn.Parameter(torch.randn(rank, dense.in_features) / math.sqrt(dense.in_features))
        self.up = nn.Parameter(torch.zeros(dense.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.dense(x) + (x @ self.down.to(x.dtype).T) @ self.up.to(x.dtype).T


class ReaderModel(nn.Module):
    """Scores of sentences: higher than that of "none" where they answer the question."""

    def __init__(self, packed: PackedModel, dtype: torch.dtype) -> None:
        super().__init__()
        self.encoder: Any = bert(packed, dtype)
        self.padding = packed.padding
        for parameter in self.encoder.parameters():
            parameter.requires_grad_(False)
        for layer in range(packed.layers - LAYERS, packed.layers):
            for name in DENSE.values():
                parent, _, last = name.rpartition(".")
                module = self.encoder.encoder.layer[layer].get_submodule(parent)
                setattr(module, last, Adapted(getattr(module, last), RANK))
        self.sentence = nn.Linear(2 * packed.width, 1)
        self.none = nn.Linear(packed.width, 1)
        self.words = nn.Parameter(torch.zeros(packed.width))
        self.likeness = nn.Parameter(torch.tensor(LIKENESS))
        for head in (self.sentence, self.none):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, rows: Sequence[ReaderInput]) -> list[torch.Tensor]:
        """For each row the scores of "none" and of its sentences, shape (1 + sentences,); those that are not read get -inf."""
        length = -(-max(len(row.ids) for row in rows) // WIDE) * WIDE
        ids = torch.tensor([row.ids + [self.padding] * (length - len(row.ids)) for row in rows])
        mask = torch.tensor([[1] * len(row.ids) + [0] * (length - len(row.ids)) for row in rows])
        tokens = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        return [self._scores(tokens[number], row) for number, row in enumerate(rows)]

    def _scores(self, tokens: torch.Tensor, row: ReaderInput) -> torch.Tensor:
        """Sentences by their mean, and by how near each word of the question comes to one of theirs (MaxSim)."""
        first, question = tokens[0], tokens[slice(*row.question)]
        share = torch.softmax(question @ self.words, dim=0)
        near = nn.functional.normalize(question, dim=1) @ nn.functional.normalize(tokens, dim=1).T
        unread = torch.tensor(-math.inf)
        scores = [self.none(first).squeeze(-1)]
        for start, stop in row.sentences:
            if stop <= start:
                scores.append(unread)
                continue
            likeness = share @ near[:, start:stop].max(dim=1).values
            mean = torch.cat([tokens[start:stop].mean(dim=0), first])
            scores.append(self.sentence(mean).squeeze(-1) + self.likeness * (likeness - TYPICAL))
        return torch.stack(scores)

    def learned(self) -> dict[str, torch.Tensor]:
        """What was learned, by name; what the packed model has is left out."""
        return {
            name: tensor
            for name, tensor in self.state_dict().items()
            if not name.startswith("encoder.") or name.endswith((".down", ".up"))
        }


def loss_of(scores: torch.Tensor, answers: Sequence[int]) -> torch.Tensor:
    """The cross entropy of the sentences that answer, each with an equal share, or of "none"."""
    logs = torch.log_softmax(scores, dim=0)
    places = [number + 1 for number in answers if torch.isfinite(scores[number + 1])] or [0]
    return -logs[places].mean()


def exported(learned: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What was learned by the names that `assistant.reading.reader.Reader` takes, in float16."""
    short = {name: key for key, name in DENSE.items()}
    tensors = {"typical": torch.tensor(TYPICAL)}
    for name, tensor in learned.items():
        if name.startswith("encoder."):
            layer, _, rest = name.removeprefix("encoder.encoder.layer.").partition(".")
            matrix, _, part = rest.rpartition(".")
            tensors[f"l{layer}.{short[matrix]}.{part}"] = tensor
        else:
            tensors[name] = tensor
    return {name: tensor.to(torch.float16).contiguous() for name, tensor in tensors.items()}
