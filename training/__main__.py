"""Makes the reader's weights, and then the rule that weighs its word; and the rules of the check of what happened.

    python -m training reader --data DIR [--examples N] [--seed N] [--report STEPS] [--checkpoint FILE]
    python -m training rule --data DIR --work DIR [--seed N] [--every N] [--checkpoint FILE]
    python -m training events --data DIR [--seed N] [--every N]

The first shows the reader ``--examples`` questions (an hour on two cores), prints figures on what is kept back, and writes
``assistant/reading/weights``. The second asks the product what was kept back from the reader, over whole collections that it
keeps in ``--work``, writes the rule, and prints what would be refused at which threshold. What the one has learned and the other
has noted is kept in ``--checkpoint``, and taken from there where that file exists. The same seed shows the same examples. The third
fits ``assistant/checking/events.json`` to half of the statements of `benchmarks.checking` and prints what it does on the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from functools import partial
from itertools import chain, groupby
from pathlib import Path

import torch
from safetensors.torch import load_file, save, save_file

from assistant.checking.events import FILE as EVENTS
from assistant.reading.inputs import ReaderInput, reader_input
from assistant.reading.reader import CARD, WEIGHTS, shipped_reader
from assistant.reading.rule import FILE
from ingest.embedding.loading import packed_model, packed_tokenizer
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.packed import SHA256
from ingest.embedding.packed_tokenizer import PackedTokenizer
from ingest.privacy import quiet
from training import events
from training.asking import Considered, considered, keep, kept
from training.collections import EXCHANGED, exchanged, kept_back
from training.examples import Example
from training.loop import figures, train
from training.mixing import Mixture, mixture
from training.model import ReaderModel, exported
from training.rule import fitted, refused

THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
ASSISTANT = Path(__file__).resolve().parent.parent / "assistant"
FOLDER, CHECKING = ASSISTANT / "reading" / "weights", ASSISTANT / "checking"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=("reader", "rule", "events"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="where the collections for the rule are kept")
    parser.add_argument("--out", type=Path, help="where what is made is written, in place of what ships")
    parser.add_argument("--examples", type=int, default=19_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--report", type=int, default=500, help="print figures after so many steps")
    parser.add_argument(
        "--every",
        type=int,
        default=3,
        help="for the rules: take every Nth question or sentence (default 3)",
    )
    parser.add_argument("--checkpoint", type=Path)
    options = parser.parse_args()
    quiet()
    options.out = options.out or (CHECKING if options.part == "events" else FOLDER)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.part == "reader":
        make_reader(options)
    elif options.part == "rule":
        make_rule(options)
    else:
        events.write(events.made(options.data, options.every, options.seed), options.out / EVENTS)


def make_reader(options: argparse.Namespace) -> None:
    """Learns, or loads what was learned, and writes the weights with their card."""
    torch.manual_seed(options.seed)
    mixed = mixture(options.data, options.examples, options.seed)
    model = ReaderModel(packed_model(), torch.bfloat16)
    row = partial(_row, packed_tokenizer(packed_model()))
    if options.checkpoint and options.checkpoint.exists():
        model.load_state_dict(load_file(options.checkpoint), strict=False)
    else:
        _learn(model, mixed, row, options)
    kept = _report(len(mixed.shown), model, mixed, row)
    data = save(exported(model.learned()))
    (options.out / WEIGHTS).write_bytes(data)
    card = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "encoder_sha256": SHA256,
        "examples": len(mixed.shown),
        "seed": options.seed,
        "kept_back": kept,
    }
    (options.out / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def _learn(
    model: ReaderModel, mixed: Mixture, row: partial[ReaderInput], options: argparse.Namespace
) -> None:
    def report(step: int) -> None:
        _report(step, model, mixed, row)

    train(model, mixed.shown, row, options.seed, options.report, report)
    if options.checkpoint:
        save_file({name: tensor.contiguous() for name, tensor in model.learned().items()}, options.checkpoint)


def make_rule(options: argparse.Namespace) -> None:
    """Asks what was kept back, or takes what was noted then, and fits the rule to it."""
    noted = options.checkpoint
    rows = kept(noted) if noted and noted.exists() else _asked(options)
    if noted:
        keep(rows, noted)
    weights = fitted(rows)
    print("questions, and at each threshold the share refused of those with an answer and of those without")
    print("\n".join(refused(rows, weights, THRESHOLDS)))
    (options.out / FILE).write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")


def _asked(options: argparse.Namespace) -> list[Considered]:
    mixed = mixture(options.data, options.examples, options.seed)
    reader, rows, chance = shipped_reader(), list[Considered](), random.Random(options.seed)
    for kind, assistant, cases in kept_back(mixed, options.data, options.work, SentenceTransformerEmbedder()):
        questions = [list(own) for _, own in groupby(cases, key=lambda case: case.question)]
        asked = list(
            chain.from_iterable(questions[:: options.every])
        )  # with the texts that answer, and without
        rows += considered(kind, assistant, reader, asked, chance)
        others = exchanged(assistant, asked, chance)
        rows += considered(EXCHANGED + kind, assistant, reader, others, chance)
        print(kind, len(rows), flush=True)
    return rows


def _report(
    step: int, model: ReaderModel, mixed: Mixture, row: partial[ReaderInput]
) -> dict[str, dict[str, float]]:
    found = {name: figures(model, examples, row) for name, examples in mixed.kept_back.items() if examples}
    rounded = {name: {key: round(value, 3) for key, value in own.items()} for name, own in found.items()}
    print(step, rounded, flush=True)
    return rounded


def _row(tokenizer: PackedTokenizer, example: Example) -> ReaderInput:
    return reader_input(tokenizer, example.question, example.title, example.text, example.sentences)


if __name__ == "__main__":
    main()
