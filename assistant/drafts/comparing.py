"""A draft's sentence beside sentences of the documents: how much of it they have, what is otherwise, and what is in none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.evidence import Sentence
from assistant.checking.events import NOT_CHECKED, EventsVerdict, WordVectors, happened
from assistant.checking.negation import clause_spans
from assistant.checking.told_as_fact import without_source
from assistant.drafts.faults import Fault, SentenceText, exchanged_words, faults_of
from assistant.drafts.swapped import of_another_year, of_exchanged_years, swapped_words
from assistant.drafts.turned import turned_faults
from assistant.drafts.voices import turned_voice
from assistant.language.lexicon import Lexicon
from assistant.language.matching import Vocabulary, match_score, vocabulary
from assistant.language.words import Word
from assistant.speech import told_by

_MATCH = 0.6  # the least score at which a text has a word
_MOST_SENTENCES = 3  # that bear out one together
_UNCOVERED, _ADDS = (
    0.15,
    0.1,
)  # the share that is not covered from where on a further sentence is looked for, and that it must add
_BESIDE = 0.7  # what a name counts that is only named beside a sentence
_NEAR = 2  # how many sentences further what is told together may stand
_LEAST = 0.3  # the share that the first sentence must have
_CLAUSE_WORDS = 2  # fewer say too little to be missed
_CLAUSE_HELD, _CLAUSE_HELD_FOREIGN = 0.3, 0.01  # how much of a clause must be there for it not to be missing


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSentence:
    """A draft's sentence, the words by which it is compared, and to whom it gives what it says, empty for nobody.

    ``told`` is what is said of a sentence that says whose words it tells; empty for others.
    """

    reading: SentenceText
    words: tuple[Word, ...]
    speaker: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSentences:
    """A sentence beside those of a source, best first: ``share`` of its ``counted`` words are there, those of its ``faults`` left out, and
    of all words ``whole``.

    ``missing`` are the clauses of which nearly nothing is there, ``rest`` is the share of the words of the others; ``foreign`` says that
    the languages differ.
    """

    sentences: tuple[Sentence, ...]
    share: float
    counted: int
    whole: float
    faults: tuple[Fault, ...]
    missing: tuple[str, ...]
    rest: float
    foreign: bool
    events: EventsVerdict = NOT_CHECKED


def ranked_by_words(stated: StatedSentence, candidates: Sequence[Sentence]) -> list[Sentence]:
    """The candidates by how much of the sentence they have, and how near they are in meaning; ``score`` is that."""
    scored = [
        replace(one, score=_share(stated.words, _Held.of([one]), ()) + 0.05 * one.similarity)
        for one in candidates
    ]
    return sorted(scored, key=lambda one: -one.score)


def compared(
    stated: StatedSentence,
    best: Sentence,
    others: Sequence[Sentence],
    lexicon: Lexicon,
    word_vectors: WordVectors | None,
) -> ComparedSentences:
    """The sentence beside ``best``, and with it those of the ``others`` around it that have what is not there."""
    chosen, beside = [best], [one for one in others if _is_beside(one, best)]
    faults = _faults(stated, chosen, lexicon)
    share = _share(stated.words, _Held.of(chosen), faults)
    while _LEAST <= share < 1 - _UNCOVERED and len(chosen) < _MOST_SENTENCES:
        gains = [
            (_share(stated.words, _Held.of([*chosen, one]), faults) - share, one)
            for one in beside
            if one not in chosen
        ]
        gain, further = max(gains, key=lambda pair: pair[0], default=(0.0, best))
        if gain < _ADDS:
            break
        chosen.append(further)
        faults = _faults(stated, chosen, lexicon)
        share = _share(stated.words, _Held.of(chosen), faults)
    foreign = best.hit.language != stated.reading.language
    if not faults and not foreign:
        source = SentenceText(text=best.text, language=best.hit.language)
        faults = list(exchanged_words(stated.reading, source, lexicon, framed=bool(stated.speaker)))
    missing = tuple(_missing_clauses(stated, chosen, faults, foreign))
    faults = [
        fault
        for fault in faults
        if not (fault.written and any(fault.written in clause for clause in missing))
    ]
    others_words = [word for word in stated.words if not any(word.text in clause for clause in missing)]
    found = ComparedSentences(
        sentences=tuple(chosen),
        share=share,
        counted=len(_counted(stated.words, faults)),
        whole=_share(stated.words, _Held.of(chosen), ()),
        faults=tuple(faults),
        missing=missing,
        rest=_share(others_words, _Held.of(chosen), faults),
        foreign=foreign,
    )
    return (
        found if faults or missing else replace(found, events=_events(stated, chosen, lexicon, word_vectors))
    )


def _is_beside(one: Sentence, other: Sentence) -> bool:
    """Whether two sentences stand side by side, or with one between them: one event may be told in both."""
    return one.hit.passage.id == other.hit.passage.id and 0 < abs(one.number - other.number) <= _NEAR


def surroundings_of(sentences: Sequence[Sentence]) -> list[str]:
    """What stands around sentences and may name what they are about: title, day, heading, neighbours, and who speaks."""
    around: list[str] = []
    for one in sentences:
        document, passage = one.hit.document, one.hit.passage
        told = told_by(passage, one.start, one.end)
        around += [document.title, passage.heading, one.before, one.after, told.speaker if told else ""]
        around += [document.published.isoformat()] if document.published else []
    return [text for text in dict.fromkeys(around) if text]


def _faults(stated: StatedSentence, sentences: Sequence[Sentence], lexicon: Lexicon) -> list[Fault]:
    sources = [SentenceText(text=one.text, language=one.hit.language) for one in sentences]
    surroundings = surroundings_of(sentences)
    found = faults_of(stated.reading, sources, surroundings, lexicon)
    further = [
        *turned_faults(stated.reading, sources, surroundings, lexicon),
        *swapped_words(stated.reading, sources[0], lexicon),
        *turned_voice(stated.reading, sources[0], lexicon),
        *of_another_year(stated.reading, sources),
        *of_exchanged_years(stated.reading, sources),
    ]
    for turned in further:
        if not any(turned.start < fault.end and fault.start < turned.end for fault in found):
            found.append(turned)
    return found


def _events(
    stated: StatedSentence, sentences: Sequence[Sentence], lexicon: Lexicon, word_vectors: WordVectors | None
) -> EventsVerdict:
    """Whether what happened is in the sentences."""
    reading, language = stated.reading, sentences[0].hit.language
    if not (reading.known and SentenceText(text="", language=language).known):
        return NOT_CHECKED
    return happened(
        stated.told or without_source(reading.text, reading.language),
        [one.text for one in sentences],
        surroundings_of(sentences),
        (reading.language, language),
        lexicon,
        word_vectors,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """The words of sentences, and those of names in the title and the sentence before: "Er" is who is named there."""

    own: tuple[Vocabulary, ...]
    beside: tuple[Vocabulary, ...]

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> _Held:
        return cls(
            own=tuple(vocabulary(one.text, one.hit.language) for one in sentences),
            beside=tuple(
                vocabulary(f"{one.hit.document.title} {one.before}", one.hit.language) for one in sentences
            ),
        )

    def share_of(self, word: Word) -> float:
        """How much of a word is there: all where a sentence has it, some where a name is named beside it."""
        if any(match_score(word, text) >= _MATCH for text in self.own):
            return 1.0
        named = word.name and any(match_score(word, text) >= _MATCH for text in self.beside)
        return _BESIDE * named


def _share(words: Sequence[Word], held: _Held, faults: Sequence[Fault]) -> float:
    """The share of the words, by their weights, that sentences have; those at fault are left out."""
    counted = _counted(words, faults)
    total = sum(word.weight for word in counted)
    return sum(word.weight * held.share_of(word) for word in counted) / total if total else 0.0


def _counted(words: Sequence[Word], faults: Sequence[Fault]) -> list[Word]:
    """The words that are not at fault."""
    return [word for word in words if not any(_is_in(word, fault) for fault in faults)]


def _is_in(word: Word, fault: Fault) -> bool:
    return word.text.lower() in fault.written.lower()


def _missing_clauses(
    stated: StatedSentence, sentences: Sequence[Sentence], faults: Sequence[Fault], foreign: bool
) -> Iterator[str]:
    """The clauses of which nearly nothing is there."""
    text, held = stated.reading.text, _Held.of(sentences)
    least = _CLAUSE_HELD_FOREIGN if foreign else _CLAUSE_HELD
    for start, end in clause_spans(text):
        clause = text[start:end]
        own = [
            word
            for word in stated.words
            if word.text in clause and not any(_is_in(word, fault) for fault in faults)
        ]
        if stated.speaker and stated.speaker.split()[-1] in clause:
            continue
        if len(own) > _CLAUSE_WORDS + foreign and _share(own, held, faults) < least:
            yield clause
