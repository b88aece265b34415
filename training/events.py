"""Fits the rules of `assistant.checking.events`: within a language and across two, on one half of the statements."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.answering.word_vectors import WordEmbeddings
from assistant.checking.check import check
from assistant.checking.event_words import counterparts, word_spans
from assistant.checking.events import SIGNALS, signals_of
from assistant.language.lexicon import Lexicon, shipped
from benchmarks.statements import KINDS, CheckCase, collected
from ingest.embedding.models import SentenceTransformerEmbedder, unit
from ingest.embedding.types import Vectors
from training.examples import TEXTS

TRUE, SHORTENED, PARTICIPLE, PREDICATE, REWORDED, INVENTED = (KINDS[n] for n in (0, 1, 7, 8, 9, 10))
# How much each kind counts, however many there are of it.
SHARES = {TRUE: 0.5, SHORTENED: 1.5, REWORDED: 3.0, PREDICATE: 2.5, PARTICIPLE: 0.75, INVENTED: 1.0}
HOLDS = (TRUE, SHORTENED, REWORDED)
# The most of the true ones that may not be found, and that may be taken for something else. Across languages less, since what
# is said of one half holds less for the other there.
DOUBTED = {
    "within": {TRUE: 0.05, SHORTENED: 0.05, REWORDED: 0.10},
    "across": {TRUE: 0.02, SHORTENED: 0.02, REWORDED: 0.10},
}
CONTRARY = {
    "within": {TRUE: 0.01, SHORTENED: 0.01, REWORDED: 0.02},
    "across": {TRUE: 0.0, SHORTENED: 0.0, REWORDED: 0.0},
}
LANGUAGES = {"German": "de", "English": "en"}
SENTENCES = 600  # whose words make the mean word of a language

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case, its signals, and whether the other checks flag it."""

    case: CheckCase
    signals: Values
    otherwise: bool


def made(data: Path, every: int, seed: int) -> dict[str, object]:
    """What belongs into ``events.json``; prints what it does on the half that was kept back."""
    embeddings, lexicon = WordEmbeddings(SentenceTransformerEmbedder()), shipped()
    rows = collected(data, every, seed)
    means: dict[str, Vectors] = {
        language: (
            _mean_word(_own_sentences(language), embeddings) + _mean_word(_quoted(rows, name), embeddings)
        )
        / 2
        for name, language in LANGUAGES.items()
    }
    judged: dict[str, list[Judged]] = {"within": [], "across": []}
    for title, cases in rows.items():
        own, over = (LANGUAGES[name] for name in title.split(" over "))
        judged["within" if own == over else "across"] += _judged(
            [case for case in cases if case.kind in SHARES], (own, over), means, embeddings, lexicon
        )
    rules = {name: _rule(name, cases) for name, cases in judged.items()}
    rounded = {language: np.rint(mean * 1_000).astype(int).tolist() for language, mean in means.items()}
    return {**rules, "mean_words": rounded}


def _mean_word(texts: Sequence[str], embeddings: WordEmbeddings) -> Vectors:
    """The mean of the unit vectors of the words of some of the texts."""
    some = [text for text in texts if word_spans(text)][:: max(1, len(texts) // SENTENCES)]
    return np.asarray(
        np.concatenate([unit(embeddings(text)) for text in some]).mean(axis=0), dtype=np.float32
    )


def _own_sentences(language: str) -> list[str]:
    """Sentences of the texts that were written for the reader."""
    lines = (line for path in sorted(TEXTS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    documents = [document for document in map(json.loads, lines) if document["language"] == language]
    return [sentence for document in documents for sentence in document["sentences"]]


def _quoted(rows: dict[str, list[CheckCase]], language: str) -> list[str]:
    """XQuAD's sentences in a language, from the first half."""
    cases = rows[f"{language} over {language}"]
    return [case.quote for case in cases if case.kind == TRUE and not case.second]


def _judged(
    cases: Sequence[CheckCase],
    languages: tuple[str, str],
    means: dict[str, Vectors],
    embeddings: WordEmbeddings,
    lexicon: Lexicon,
) -> Iterator[Judged]:
    for case in cases:
        quotes = [case.quote]
        found = counterparts(case.statement, quotes, case.surroundings, languages, lexicon)
        other = check(case.statement, quotes, case.surroundings, language=case.language, lexicon=lexicon)
        if found.stated:
            both = (means[languages[0]], means[languages[1]])
            signals = signals_of(found, case.statement, quotes, both, embeddings)
            yield Judged(case=case, signals=signals, otherwise=other.supported == "no")


def _rule(name: str, judged: Sequence[Judged]) -> dict[str, object]:
    first = [one for one in judged if not one.case.second]
    weights, intercept = _fitted(first)
    doubtful, contrary = (_limit(first, weights, intercept, most) for most in (DOUBTED[name], CONTRARY[name]))
    for kind in SHARES:
        for half, own in (("first", first), ("second", [one for one in judged if one.case.second])):
            some = [one for one in own if one.case.kind == kind]
            odds = intercept + np.array([one.signals for one in some]) @ weights
            before = np.array([one.otherwise for one in some])
            shares = (before.mean(), (before | (odds < doubtful)).mean(), (odds < contrary).mean())
            print(
                f"{name} {kind:22} {half:6} {len(some):5} before {shares[0]:.3f} flagged {shares[1]:.3f} contrary {shares[2]:.3f}"
            )
    return {
        "intercept": round(intercept, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(SIGNALS, weights, strict=True)},
        "doubtful": round(doubtful, 4),
        "missing": round(contrary, 4),
    }


def _limit(judged: Sequence[Judged], weights: Values, intercept: float, most: dict[str, float]) -> float:
    """The odds below which no kind of true statements has more than its share, of those that the other checks let pass."""
    return min(
        float(
            np.quantile(
                [
                    intercept + one.signals @ weights
                    for one in judged
                    if one.case.kind == kind and not one.otherwise
                ],
                share,
            )
        )
        for kind, share in most.items()
    )


def _fitted(judged: Sequence[Judged]) -> tuple[Values, float]:
    """A logistic regression over standardised signals, told for signals as they are: weights and intercept."""
    values = np.array([one.signals for one in judged])
    kinds = [one.case.kind for one in judged]
    shares = np.array([100 * SHARES[kind] / kinds.count(kind) for kind in kinds])
    sides = np.where([kind in HOLDS for kind in kinds], 1.0, -1.0)
    mean, deviation = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-9)
    standard = (values - mean) / deviation

    def loss(weights: Values) -> float:
        margins = sides * (standard @ weights[:-1] + weights[-1])
        return float(shares @ np.logaddexp(0.0, -margins)) + 0.5 * float(weights[:-1] @ weights[:-1])

    found = minimize(loss, np.zeros(len(SIGNALS) + 1), method="L-BFGS-B").x
    weights = found[:-1] / deviation
    return weights, float(found[-1] - weights @ mean)


def write(data: dict[str, object], path: Path) -> None:
    """One line for each entry."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in data.items())
    path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
