"""Which way of choosing sentences finds the one that answers, and what does each cost?

    python -m benchmarks.choosing --work DIR [--data DIR] [--every N]

``DIR`` is the work folder of a run of `benchmarks.retrieval --work DIR`, whose index holds news articles; XQuAD's German
paragraphs are added. The same retrieved passages are read in each way: by the question's words, kind and passage alone; with the
vectors of sentences that were stored with their passages (the product); with those alone; with the sixteen best sentences
embedded when asked, as the product did before. First and among three: the share of questions whose answering sentence
comes first, or among the first three. Processor time is that of choosing, retrieval left out. Halves are those of XQuAD's articles.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.answering import evidence
from assistant.answering.evidence import Scores, Sentence, rough_scores, sentences_of, with_similarities
from assistant.core import Assistant
from assistant.retrieval.probes import Probes, probes_of
from assistant.retrieval.query import Query
from assistant.retrieval.retriever import HITS
from assistant.retrieval.search import retrieve, sentence_vectors
from assistant.types import Hit
from benchmarks import corpora
from benchmarks.retrieval import add, keep_only, source
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.privacy import quiet
from ingest.store.index import Index

EMBEDDED = 16
Way = Callable[[Assistant, Query, Probes, list[Hit]], tuple[list[Sentence], Scores]]


def by_words(
    assistant: Assistant, query: Query, probes: Probes, hits: list[Hit]
) -> tuple[list[Sentence], Scores]:
    candidates = sentences_of(hits)
    return candidates, rough_scores(query, candidates)


def by_vectors(
    assistant: Assistant, query: Query, probes: Probes, hits: list[Hit]
) -> tuple[list[Sentence], Scores]:
    vectors = sentence_vectors(hits, assistant.index, assistant.embedder)
    candidates = with_similarities(probes, sentences_of(hits), vectors)
    return candidates, np.asarray([sentence.similarity for sentence in candidates])


def by_both(
    assistant: Assistant, query: Query, probes: Probes, hits: list[Hit]
) -> tuple[list[Sentence], Scores]:
    candidates, near = by_vectors(assistant, query, probes, hits)
    return candidates, rough_scores(query, candidates) + evidence.MEANING * evidence.standardised(near)


def embedding(
    assistant: Assistant, query: Query, probes: Probes, hits: list[Hit]
) -> tuple[list[Sentence], Scores]:
    candidates, rough = by_words(assistant, query, probes, hits)
    best = np.argsort(-rough, kind="stable")[:EMBEDDED]
    vectors = assistant.embedder.embed_passages([candidates[at].text for at in best])
    near = [
        float(vector @ probes[candidates[at].hit.language].vector)
        for at, vector in zip(best, vectors, strict=True)
    ]
    return [candidates[at] for at in best], rough[best] + evidence.MEANING * evidence.standardised(near)


WAYS: dict[str, Way] = {
    "words, kind and passage": by_words,
    "stored vectors alone": by_vectors,
    "words, kind, passage and stored vectors": by_both,
    "the same with sixteen sentences embedded": embedding,
}


def measure(assistant: Assistant, asked: str, options: argparse.Namespace) -> None:
    """One row for each way, for questions in the language ``asked`` about German paragraphs."""
    questions = corpora.questions(asked, options.data, answers="de")[:: options.every]
    ranks: dict[str, list[int]] = {name: [] for name in WAYS}
    times: dict[str, list[float]] = {name: [] for name in WAYS}
    for question in questions:
        query = assistant.understand(question.text)
        probes = probes_of(query, assistant.index, assistant.embedder)
        hits = retrieve(query, probes, assistant.index, HITS)
        for name, way in WAYS.items():
            began = time.process_time()
            candidates, scores = way(assistant, query, probes, hits)
            times[name].append(time.process_time() - began)
            order = np.argsort(-scores, kind="stable").tolist()
            gold = [
                place
                for place, at in enumerate(order, 1)
                if candidates[at].hit.document.source == source("de", question)
                and candidates[at].start <= question.answer_start < candidates[at].end
            ]
            ranks[name].append(min(gold, default=99))
    middle = statistics.median({question.article for question in questions})
    for name in WAYS:
        halves = [
            [
                rank
                for rank, question in zip(ranks[name], questions, strict=True)
                if (question.article >= middle) == second
            ]
            for second in (False, True)
        ]
        shares = [
            " / ".join(f"{sum(r <= k for r in half) / len(half):.3f}" for half in halves) for k in (1, 3)
        ]
        print(
            f"| {asked} | {name} | {shares[0]} | {shares[1]} | {1000 * statistics.median(times[name]):.1f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--every", type=int, default=4)
    options = parser.parse_args()
    quiet()
    embedder = SentenceTransformerEmbedder()
    assistant = Assistant(Index.open(options.work / "data", embedder), embedder)
    keep_only(assistant, "news-")
    add(assistant, corpora.paragraphs("de", options.data), options.work, "de")
    print(
        "| question | chosen by | first, halves | among three, halves | processor ms |\n|---|---|---|---|---|"
    )
    for asked in ("en", "de"):
        measure(assistant, asked, options)
    assistant.close()


if __name__ == "__main__":
    main()
