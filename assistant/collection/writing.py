"""What a language model reads to write a summary: the documents whose leading sentences stand for one without it."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.evidence import Sentence, sentences_of
from assistant.answering.judging import JudgedSentences
from assistant.collection.selection import unranked
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import RetrievalResult, sentence_vectors
from assistant.types import Answer, Filters

MOST = 120  # passages


def material(
    answer: Answer, filters: Filters, retriever: Retriever
) -> tuple[RetrievalResult, JudgedSentences]:
    """The passages of the documents that ``answer`` cites, and their sentences, those cited first: as many as fit are read."""
    documents = {citation.document.id: citation.document for citation in answer.citations}
    hits = tuple(
        unranked(passage, document)
        for document in documents.values()
        for passage in retriever.index.texts.passages_of(document.id)
    )[:MOST]
    # No word of the question need be in the text: "Summarise the article".
    query = replace(retriever.understand(answer.question, answer.language), words=())
    retrieved = RetrievalResult(
        question=answer.question,
        filters=filters,
        queries=(query,),
        probes={},
        hits=hits,
        sentence_vectors=sentence_vectors(hits, retriever.index, retriever.embedder),
    )

    def is_cited(sentence: Sentence) -> bool:
        return any(
            citation.document.id == sentence.hit.document.id
            and citation.start < sentence.end
            and sentence.start < citation.end
            for citation in answer.citations
        )

    ranked = sorted(sentences_of(hits), key=lambda sentence: not is_cited(sentence))
    return retrieved, JudgedSentences(ranked=ranked, answered=1.0)
