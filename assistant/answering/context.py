"""The documents' part of a prompt: numbered sentences of the retrieved passages, as many as fit the model's window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.evidence import Sentence
from assistant.llm.prompts import inert
from assistant.speech import told_by
from ingest.types import Record

# What stands before the name of whose words a sentence tells; the rules of the prompt speak of it.
WORDS_OF = "words of"
# UTF-8 bytes per token, on the safe side: German has some four in the tokenizers of today, Chinese three.
BYTES_PER_TOKEN = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptContext:
    """``text`` is the documents' part of a prompt; ``sentences`` are those in it, by their numbers."""

    text: str
    sentences: Mapping[int, Sentence] = field(default_factory=dict)


def context(ranked: Sequence[Sentence], tokens: int) -> PromptContext:
    """The best of ``ranked`` that fit, each whole: documents by their best sentence, sentences in the order of the text."""
    chosen = _fitting(ranked, tokens)
    order = list(dict.fromkeys(sentence.hit.document.id for sentence in chosen))
    chosen.sort(key=lambda sentence: (order.index(sentence.hit.document.id), sentence.start))
    numbered = dict(enumerate(chosen, 1))
    blocks = [
        _block(next(s.hit.document for s in chosen if s.hit.document.id == document), numbered)
        for document in order
    ]
    return PromptContext(text="\n".join(blocks), sentences=numbered)


def tokens_of(text: str) -> int:
    """About how many tokens a text has, rather too many than too few."""
    return int(len(text.encode()) / BYTES_PER_TOKEN) + 1


def _fitting(ranked: Sequence[Sentence], tokens: int) -> list[Sentence]:
    left, chosen, opened = tokens, [], set[str]()
    for sentence in ranked:
        document = sentence.hit.document
        cost = tokens_of(_line(len(ranked), sentence))
        cost += 0 if document.id in opened else tokens_of(_block(document, {}))
        if cost <= left:
            left -= cost
            opened.add(document.id)
            chosen.append(sentence)
    return chosen


def _block(document: Record, numbered: Mapping[int, Sentence]) -> str:
    date = [f"Date: {document.published.isoformat()}"] if document.published else []
    lines = [
        _line(n, sentence) for n, sentence in numbered.items() if sentence.hit.document.id == document.id
    ]
    return "\n".join(["<document>", f"Title: {inert(document.title)}", *date, *lines, "</document>"])


def _line(number: int, sentence: Sentence) -> str:
    """A numbered sentence; where it tells the words of somebody whom it doesn't name, that name stands before it."""
    told = told_by(sentence.hit.passage, sentence.start, sentence.end)
    words = f"({WORDS_OF} {inert(told.speaker)}) " if told and told.speaker not in sentence.text else ""
    return f"[{number}] {words}{inert(sentence.text)}"
