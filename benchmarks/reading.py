"""Which sentence answers, how many are quoted, and when nothing does: with the reader, and without it.

    python -m benchmarks.reading [--data DIR] [--work DIR] [--every N]

Sets that the reader has not seen: the second half of XQuAD's articles among 1,028 news articles, in pairs of languages; the
pages of advice of OMoS-QA ``dev``; the five English corpora; 150 questions and 40 follow-ups in five languages over samples, a
real article and news pages (``questions/``). First: an answering sentence is the first one quoted; quoted: is among those
quoted, both where the assistant does not refuse; quotes: how many it quotes. Refused: of the questions that
are answered, and of those that are not, or whose text is left out. AUROC: how well the probability of being answered tells
the two apart; ECE: how far it is from the truth (expected calibration error over ten bins). Milliseconds are the
median's, wall and processor, for judging what was retrieved. ``--work`` keeps the indexes for the next run.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from assistant.answering.evidence import Sentence
from assistant.answering.extractive import choose
from assistant.answering.judging import judge
from assistant.core import Assistant
from assistant.reading.reader import Reader, shipped_reader
from benchmarks import corpora
from benchmarks.cases import Case, answers, collections, retrieved
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.privacy import quiet

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a case: ``answered`` is the probability that the assistant gives to having found an answer.

    ``chosen`` are the sentences that it would quote; ``told`` says whether it does.
    """

    case: Case
    chosen: tuple[Sentence, ...]
    told: bool
    answered: float
    wall: float
    processor: float

    @property
    def first(self) -> bool:
        return self.told and any(answers(sentence, self.case) for sentence in self.chosen[:1])

    @property
    def quoted(self) -> bool:
        return self.told and any(answers(sentence, self.case) for sentence in self.chosen)


def outcome(assistant: Assistant, reader: Reader | None, case: Case) -> Outcome:
    """What the assistant makes of a case, with or without the reader."""
    found = retrieved(assistant, case)
    wall, processor = time.perf_counter(), time.process_time()
    judged = judge(found.query, found.probes, found.hits, found.sentence_vectors, reader)
    chosen = choose(found.query, judged.ranked)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return Outcome(
        case=case,
        chosen=tuple(chosen),
        told=judged.answers,
        answered=judged.answered,
        wall=wall,
        processor=processor,
    )


def row(name: str, outcomes: list[Outcome]) -> str:
    asked = [one for one in outcomes if one.case.places]
    others = [one for one in outcomes if not one.case.places]
    figures = [
        _mean(one.first for one in asked),
        _mean(one.quoted for one in asked),
        _mean(len(one.chosen) for one in asked if one.told),
        _mean(not one.told for one in asked),
        _mean(not one.told for one in others),
        area([one.answered for one in asked], [one.answered for one in others]),
        calibration_error(outcomes),
    ]
    times = [
        1000 * statistics.median(getattr(one, name) for one in outcomes) for name in ("wall", "processor")
    ]
    cells = [f"{figure:.3f}" for figure in figures] + [f"{value:.0f}" for value in times]
    return f"| {name:44} | {len(asked)}+{len(others)} | " + " | ".join(cells) + " |"


def area(positive: list[float], negative: list[float]) -> float:
    """The area under ROC: how often one of ``positive`` is above one of ``negative``; ties count half."""
    if not positive or not negative:
        return float("nan")
    difference = np.sign(np.array(positive)[:, None] - np.array(negative)[None, :])
    return float((difference.mean() + 1) / 2)


def calibration_error(outcomes: list[Outcome]) -> float:
    """The mean distance between probability and truth over `BINS` bins, weighted by their size (Naeini et al., 2015)."""
    binned = sorted(outcomes, key=lambda one: one.answered)
    error = 0.0
    for _, group in groupby(binned, key=lambda one: min(BINS - 1, int(one.answered * BINS))):
        some = list(group)
        error += abs(sum(one.answered - bool(one.case.places) for one in some))
    return error / len(outcomes)


def sentences_found(outcomes: list[Outcome]) -> str:
    """As OMoS-QA counts: precision and recall of sentences, and of saying that nothing answers."""
    told = [one for one in outcomes if one.told]
    right = sum(answers(sentence, one.case) for one in told for sentence in one.chosen)
    chosen = sum(len(one.chosen) for one in told)
    held = [[place for place in one.case.places if _covers(one, place)] for one in told]
    wanted = sum(len(one.case.places) for one in outcomes)
    silent = [one for one in outcomes if not one.told]
    unanswered = sum(not one.case.places for one in outcomes)
    rightly = sum(not one.case.places for one in silent)
    return (
        f"sentences: precision {right / max(1, chosen):.3f}, recall {sum(map(len, held)) / max(1, wanted):.3f}; "
        f"unanswerable: precision {rightly / max(1, len(silent)):.3f}, recall {rightly / max(1, unanswered):.3f}"
    )


def _covers(outcome: Outcome, place: tuple[str, int]) -> bool:
    return any(
        answers(sentence, replace(outcome.case, places=frozenset({place}))) for sentence in outcome.chosen
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--work", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--every", type=int, default=1, help="ask every Nth case (default 1)")
    parser.add_argument("--only", default="", help="only the sets whose name begins so")
    options = parser.parse_args()
    quiet()
    embedder, reader = SentenceTransformerEmbedder(), shipped_reader()
    print(
        "| set | questions | first | quoted | quotes | refused | refused without | AUROC | ECE | ms | processor ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for kind, assistant, cases in collections(options.data, options.work or Path(name), embedder):
            if kind.startswith(options.only):
                some = cases[:: options.every]
                for label, own in (("without", None), ("with", reader)):
                    outcomes = [outcome(assistant, own, case) for case in some]
                    print(row(f"{kind}, {label} reader", outcomes), flush=True)
                    if kind == "advice":
                        notes.append(f"{kind}, {label} reader: {sentences_found(outcomes)}")
    print("", *notes, sep="\n")


if __name__ == "__main__":
    main()
