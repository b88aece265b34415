"""The answer as a language model writes it: the text that may be shown so far, its citations, and its statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assistant.answering.citations import parts, unfinished_without_markers
from assistant.answering.evidence import Sentence
from assistant.answering.sanitizing import CitationMarker, OutputPart, RefusalMarker, Sanitizer, defused
from assistant.llm.prompts import UNSEEN
from assistant.types import Citation, CitationEvent, DeltaEvent, Event, Statement
from ingest.text.sentences import sentence_spans

_BULLET = re.compile(r"^(?:[-*•#]+|\d{1,2}[.)])\s+")


class StreamedOutput:
    """Takes a reply piece by piece, and returns the events that show it.

    ``sentences`` are those of the prompt, by number. Other numbers are dropped and counted. ``text`` is always the
    sum of the deltas.
    """

    def __init__(self, sentences: Mapping[int, Sentence]) -> None:
        self.text = ""
        self.citations: list[Citation] = []
        self.dropped = 0
        self.declined = False
        self._sentences = sentences
        self._numbers: dict[int, int] = {}
        self._space = ""
        self._sanitizer = Sanitizer()

    def take(self, text: str) -> list[Event]:
        """The events of the next piece of the reply."""
        return list(self._events(self._sanitizer.feed(visible(text))))

    def finish(self) -> list[Event]:
        """The last events, when the reply has ended."""
        return list(self._events(self._sanitizer.finish()))

    def _events(self, output: Iterable[OutputPart]) -> Iterator[Event]:
        for part in output:
            match part:
                case CitationMarker(numbers=numbers):
                    yield from self._cite(numbers)
                case RefusalMarker():
                    self.declined = True
                case _:
                    yield from self._show_words(part)

    def _show_words(self, text: str) -> Iterator[Event]:
        """Show words; the white space after them waits until something follows."""
        whole = self._space + text if self.text else text.lstrip()
        words = whole.rstrip()
        self._space = whole[len(words) :]
        if words:
            yield self._show(unfinished_without_markers(defused(words, self.text), self.text))

    def _cite(self, numbers: Iterable[int]) -> Iterator[Event]:
        known = [number for number in dict.fromkeys(numbers) if number in self._sentences]
        self.dropped += len(set(numbers)) - len(known)
        for number in known:
            if number not in self._numbers:
                self._numbers[number] = len(self._numbers) + 1
                self.citations.append(_citation(self._sentences[number], self._numbers[number]))
                yield CitationEvent(citation=self.citations[-1])
            yield self._show(f"{self._space if self.text else ''}[{self._numbers[number]}]")
            self._space = ""
        if not known:
            self._space = ""  # else "said [99]." would leave "said ."

    def _show(self, text: str) -> DeltaEvent:
        self.text += text
        return DeltaEvent(text=text)


def visible(text: str) -> str:
    """``text`` without control characters and characters that hide or reorder others."""
    return UNSEEN.sub("", text)


def statements_of(text: str, language: str) -> list[Statement]:
    """The sentences of an answer and the numbers each cites, not checked yet.

    A marker belongs to the sentence that it follows, on whichever side of the full stop.
    """
    plain, places = _without_markers(text)
    statements: list[Statement] = []
    early: tuple[int, ...] = ()  # cited before there is a sentence
    for span in sentence_spans(plain, language):
        words = _BULLET.sub("", " ".join(plain[span.start : span.end].split()))
        cited = tuple(
            number for place, number in places if span.start < place <= span.end or place == span.start == 0
        )
        if any(letter.isalnum() for letter in words):
            statements.append(
                Statement(text=words, citations=_unique(early + cited), supported="not checked")
            )
            early = ()
        elif statements:
            last = statements[-1]
            statements[-1] = replace(last, citations=_unique(last.citations + cited))
        else:
            early += cited
    return statements


def _unique(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))


def _without_markers(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its markers and the blanks before them, and each citation's place in it and number."""
    plain = ""
    places: list[tuple[int, int]] = []
    for part in parts(text):
        if isinstance(part, str):
            plain += part
        else:
            plain = plain.rstrip(" ")
            places += [(len(plain), number) for number in part]
    return plain, places


def _citation(sentence: Sentence, number: int) -> Citation:
    return Citation(
        number=number,
        quote=sentence.text,
        start=sentence.start,
        end=sentence.end,
        passage=sentence.hit.passage,
        document=sentence.hit.document,
    )
