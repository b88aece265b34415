"""What was searched before a question was refused, in how many documents its words are, and why what came nearest was not enough.

Every reason is one of the values that the judgement was made by; nothing is asked anew of the reader or of a model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.absence import Absence, DaysPublished, MissReason, NearMiss, RefusedFor, SoughtWord
from assistant.answering.asked_days import AskedDays, plainly_of_other_days
from assistant.answering.asked_speaker import AskedSpeaker
from assistant.answering.attribution import is_said_by
from assistant.answering.evidence import Sentence, sentences_of, surroundings
from assistant.answering.judging import LIKELY, JudgedSentences, asked_among, only_asks
from assistant.answering.refusal import HELD, measured
from assistant.language.matching import coverage, match_score, vocabulary
from assistant.language.words import Word
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import kind_of, occurrences
from assistant.retrieval.search import (
    RetrievalResult,
    allowed_documents,
    count_undated,
    dated_documents,
    selected_documents,
)
from assistant.speech import told_by
from assistant.types import Hit
from ingest.store.catalogue_tally import CatalogueTally
from ingest.store.index import Index
from ingest.text.word_forms import WordForm, word_form
from ingest.types import Record

NEAREST = 5  # passages that a proof names


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReason:
    """What a question was refused for (``reason``), whom or what it is ``about``, and which days were asked for; ``told`` is what was quoted before."""

    reason: RefusedFor
    about: tuple[str, ...] = ()
    days: AskedDays | None = None
    told: str = ""


def absence_of(
    retrieved: RetrievalResult, judged: JudgedSentences | None, refused: RefusalReason, index: Index
) -> Absence:
    """The proof of absence for what was retrieved, and ``judged`` if there was anything."""
    filters, tally = retrieved.filters, index.present.tally
    allowed = allowed_documents(index, filters)
    among = None if allowed is None else frozenset(allowed)
    if filters.documents:
        tally = CatalogueTally().changed((), selected_documents(index, filters))
    elif filters.in_days:
        tally = dated_documents(index, filters).tally
    languages = frozenset(tally.text_languages)
    value, threshold = _decisive(retrieved, judged, refused)
    return Absence(
        refused_for=refused.reason,
        names=refused.about,
        value=value,
        threshold=threshold,
        searched=_days_of(tally),
        languages=tally.in_languages(),
        chosen=bool(filters.documents),
        published_from=filters.published_from,
        published_to=filters.published_to,
        include_undated=filters.include_undated,
        undated_left_out=count_undated(index, filters),
        words=tuple(
            _sought(word, retrieved.query, index, languages, among) for word in retrieved.query.words
        ),
        nearest=tuple(near_misses(retrieved, judged, refused, index)) if judged else (),
    )


def days_published(records: Sequence[Record]) -> DaysPublished:
    """How many documents these are, and of which days."""
    days = [record.published for record in records if record.published]
    return DaysPublished(
        documents=len(records),
        first=min(days, default=None),
        last=max(days, default=None),
        undated=len(records) - len(days),
    )


def _days_of(tally: CatalogueTally) -> DaysPublished:
    days = [day for day in tally.days if day]
    return DaysPublished(
        documents=tally.documents,
        first=min(days, default=None),
        last=max(days, default=None),
        undated=tally.undated,
    )


def forms_of(word: Word, language: str) -> list[WordForm]:
    """What is looked for of a word of a question in that language."""
    forms = [(form, language) for form in word.own]
    forms += [(form, code) for code, others in word.equivalents.items() for form in others]
    return [found for form, code in dict.fromkeys(forms) if (found := word_form(form, code))]


def _sought(
    word: Word, query: Query, index: Index, languages: frozenset[str], among: frozenset[str] | None
) -> SoughtWord:
    having = index.search.having(forms_of(word, query.language))
    # A name is written alike in all languages, so that nothing has to say what it is called.
    unknown = (
        ()
        if word.name
        else tuple(
            code
            for code in sorted(languages)
            if code and code != query.language and not word.equivalents.get(code)
        )
    )
    return SoughtWord(
        text=word.text,
        name=word.name or word.proper,
        spellings=word.own,
        equivalents={code: forms for code, forms in word.equivalents.items() if forms and code in languages},
        unknown_in=unknown,
        found=days_published([record for record in having if among is None or record.id in among]),
    )


def _decisive(
    retrieved: RetrievalResult, judged: JudgedSentences | None, refused: RefusalReason
) -> tuple[float | None, float | None]:
    """The value that was too low, and what it should have been; None for both where something else decided."""
    if judged is None or refused.reason not in ("unlikely", "unlike"):
        return None, None
    if refused.reason == "unlikely":
        return judged.answered, LIKELY
    return max(
        (measured(retrieved.query, retrieved.probes, one) for one in judged.ranked[:NEAREST]),
        key=lambda pair: pair[0] - pair[1],
        default=(None, None),
    )


def near_misses(
    retrieved: RetrievalResult, judged: JudgedSentences, refused: RefusalReason, index: Index
) -> Iterator[NearMiss]:
    """The passages whose sentences came nearest, best first, then those found whose sentences do not count at all."""
    speaker = asked_among(retrieved.query, judged.ranked)
    for sentence in _best_of_passages(retrieved, judged, index):
        yield NearMiss(
            passage=sentence.hit.passage,
            document=sentence.hit.document,
            quote=sentence.text,
            start=sentence.start,
            end=sentence.end,
            reasons=tuple(_reasons(sentence, retrieved, judged, refused, speaker)),
        )


def _best_of_passages(retrieved: RetrievalResult, judged: JudgedSentences, index: Index) -> list[Sentence]:
    best: dict[str, Sentence] = {}
    for sentence in judged.ranked:
        best.setdefault(sentence.hit.passage.id, sentence)
    stories = {index.stories.id_of(sentence.hit.document.id) for sentence in judged.ranked}
    left_out = [hit for hit in retrieved.hits if index.stories.id_of(hit.document.id) not in stories]
    return [*best.values(), *(one for hit in left_out for one in _likest(retrieved.query, hit))][:NEAREST]


def _likest(query: Query, hit: Hit) -> list[Sentence]:
    """The sentence of a passage with most of the question's words; none of a passage without sentences."""
    sentences = sentences_of([hit])
    shares = [coverage(query.words, vocabulary(one.text, hit.language)) for one in sentences]
    return [max(zip(shares, sentences, strict=True), key=lambda pair: pair[0])[1]] if sentences else []


def _reasons(
    sentence: Sentence,
    retrieved: RetrievalResult,
    judged: JudgedSentences,
    refused: RefusalReason,
    speaker: AskedSpeaker | None,
) -> Iterator[MissReason]:
    """Why a sentence was not quoted, what is plainest first."""
    if only_asks(sentence):
        yield MissReason(kind="asks")
    if refused.told and " ".join(sentence.text.split()) in refused.told:
        yield MissReason(kind="told_before")
    if speaker is not None and not is_said_by(speaker.words, sentence):
        told = told_by(sentence.hit.passage, sentence.start, sentence.end)
        yield MissReason(kind="other_speaker", words=(told.speaker,)) if told else MissReason(kind="no_words")
    if refused.days is not None and plainly_of_other_days(sentence, refused.days):
        yield MissReason(kind="other_days")
    yield from _lacking(retrieved.query, sentence)
    if refused.reason == "declined":
        yield MissReason(kind="declined")
    elif refused.reason == "no_reason":
        yield MissReason(kind="gives_no_reason")
    elif sentence.probability is not None:
        if sentence.probability < LIKELY or judged.answered < LIKELY:
            value = min(sentence.probability, judged.answered)
            yield MissReason(kind="unlikely", value=value, threshold=LIKELY)
    else:
        value, least = measured(retrieved.query, retrieved.probes, sentence)
        if value < least:
            yield MissReason(kind="unlike", value=value, threshold=least)


def _lacking(query: Query, sentence: Sentence) -> Iterator[MissReason]:
    """What of the question its passage does not have: names, words whose equivalents are known, a kind of answer."""
    language = sentence.hit.language
    text = vocabulary(surroundings(sentence), language)
    lacking = [
        word
        for word in query.words
        if language in (query.language, "") or word.name or word.equivalents.get(language)
        if match_score(word, text) < HELD
    ]
    for kind, names in (("lacks_names", True), ("lacks_words", False)):
        words = tuple(word.text for word in lacking if (word.name or word.proper) == names)
        if words:
            yield MissReason(kind=kind, words=words)  # type: ignore[arg-type]
    kind_asked = kind_of(query.text)
    if kind_asked != "any" and not occurrences(kind_asked, sentence.hit.passage.text):
        yield MissReason(kind="lacks_kind", words=(kind_asked,))
