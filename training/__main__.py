"""Makes the reader's weights.

    python -m training [--data DIR] [--examples N] [--seed N] [--out FILE]
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from assistant.reading.inputs import ReaderInput, reader_input
from ingest.embedding.packed import open_packed, packed_path
from ingest.embedding.packed_transformer import tokenizer_of
from training.examples import Example
from training.loop import figures, train
from training.mixing import mixture
from training.model import ReaderModel


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=26_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--constant", action="store_true")
    parser.add_argument("--every", type=int, default=400)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)
    path = packed_path()
    assert path
    packed = open_packed(path)
    row = partial(_row, tokenizer_of(packed))
    mixed = mixture(chosen.data, chosen.examples, chosen.seed)
    print(len(mixed.shown), {name: len(examples) for name, examples in mixed.kept_back.items()}, flush=True)
    model = ReaderModel(packed, torch.bfloat16)

    if chosen.start:
        missing = model.load_state_dict(load_file(chosen.start), strict=False)
        assert not missing.unexpected_keys

    def report(step: int) -> None:
        save_file({name: tensor.contiguous() for name, tensor in model.learned().items()}, chosen.out)
        for name, examples in mixed.kept_back.items():
            if examples:
                print(step, name, {key: round(value, 3) for key, value in figures(model, examples, row).items()}, flush=True)

    train(model, mixed.shown, row, chosen.seed, chosen.every, not chosen.constant, report)
    report(-1)


def _row(tokenizer: object, example: Example) -> ReaderInput:
    return reader_input(tokenizer, example.question, example.title, example.text, example.sentences)


if __name__ == "__main__":
    main()
