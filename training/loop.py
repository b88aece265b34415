"""Learning, and what has been learned."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from sklearn.metrics import roc_auc_score

from assistant.reading.inputs import ReaderInput
from training.examples import Example
from training.model import ReaderModel, loss_of

BATCH, SORTED = 8, 64  # examples; batches that are sorted by length together
RATE, HEAD, WARM = 7e-4, 4.0, 0.05

Rows = Callable[[Example], ReaderInput]


def train(
    model: ReaderModel,
    examples: Sequence[Example],
    row: Rows,
    seed: int,
    every: int = 0,
    report: Callable[[int], None] = lambda step: None,
) -> None:
    """One pass over ``examples``; ``report`` is called after ``every`` so many steps."""
    learned = [(name, own) for name, own in model.named_parameters() if own.requires_grad]
    thin = [own for name, own in learned if name.endswith((".down", ".up"))]
    head = [own for name, own in learned if not name.endswith((".down", ".up"))]
    optimizer = torch.optim.AdamW(
        [{"params": thin, "share": 1.0}, {"params": head, "share": HEAD}], lr=RATE, weight_decay=0.01
    )
    batches = list(_batches(examples, row, random.Random(seed)))
    model.train()
    started, losses = time.perf_counter(), []
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = group["share"] * RATE * _share(step, len(batches))
        scores = model([inputs for _, inputs in batch])
        loss = torch.stack(
            [loss_of(own, sorted(example.answers)) for own, (example, _) in zip(scores, batch, strict=True)]
        ).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_([*thin, *head], 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 50 == 49:
            seconds = time.perf_counter() - started
            print(
                f"{step + 1}/{len(batches)} loss {sum(losses[-50:]) / 50:.3f} {(step + 1) * BATCH / seconds:.1f}/s",
                flush=True,
            )
        if every and step % every == every - 1:
            report(step + 1)
            model.train()


def figures(model: ReaderModel, examples: Sequence[Example], row: Rows) -> Mapping[str, float]:
    """How often the first sentence answers, and the area under ROC of "something here answers"."""
    model.eval()
    rows = [(example, row(example)) for example in examples]
    first, margins = [], []
    with torch.inference_mode():
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            for (example, _), scores in zip(some, model([inputs for _, inputs in some]), strict=True):
                margins.append(float(scores[1:].max() - scores[0]))
                if example.answers:
                    first.append(int(scores[1:].argmax()) in example.answers)
    answered = [bool(example.answers) for example in examples]
    area = roc_auc_score(answered, margins) if len(set(answered)) == 2 else math.nan
    return {"examples": len(examples), "first": sum(first) / max(1, len(first)), "area": float(area)}


def _batches(
    examples: Sequence[Example], row: Rows, chance: random.Random
) -> Iterator[list[tuple[Example, ReaderInput]]]:
    """Batches of rows that are about as long, in a random order."""
    for first in range(0, len(examples), BATCH * SORTED):
        some = sorted(
            ((example, row(example)) for example in examples[first : first + BATCH * SORTED]),
            key=lambda pair: len(pair[1].ids),
        )
        batches = [some[start : start + BATCH] for start in range(0, len(some), BATCH)]
        chance.shuffle(batches)
        yield from batches


def _share(step: int, steps: int) -> float:
    """The learning rate's share: up in the first steps, then down in a line."""
    warm = max(1, round(WARM * steps))
    return (step + 1) / warm if step < warm else max(0.02, (steps - step) / max(1, steps - warm))
