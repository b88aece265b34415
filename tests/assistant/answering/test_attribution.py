"""Whose words a question asks for, and which sentences report them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.asked_speaker import asked_speaker, name_in
from assistant.answering.attribution import has_cue, is_said_by, tells
from assistant.answering.evidence import Sentence, sentences_of
from assistant.answering.named_speech import with_names
from assistant.language.lexicon import shipped
from assistant.language.words import Word
from assistant.retrieval.query import Query, understand
from assistant.speech import told_by
from assistant.types import Attribution
from ingest.quotations import find_quotations
from ingest.types import Quotation
from tests.support.hits import hit_of

NEWS = (
    "Der Hafen von Ostrau wird ausgebaut. „Das kostet uns die Fischer“, sagte Ines Kroll am Montag. "
    "Die Kähne lägen dann nicht mehr am Kai. Peter Dahms leitet das Amt seit drei Jahren."
)
MINUTES = "Kroll: Der Kai ist zu kurz.\n\nDahms: Kroll sieht das falsch, wir bauen an."


def asked(question: str) -> Query:
    return understand(question, ["de", "en"], shipped())


def speakers_asked_for(query: Query) -> tuple[Word, ...]:
    found = asked_speaker(query)
    return found.words if found else ()


def sentences(text: str, language: str = "de") -> list[Sentence]:
    hit = hit_of(text, "harbour", 1.0)
    return sentences_of([replace(hit, document=replace(hit.document, language=language))])


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did Ines Kroll say about the harbour?", ["harbour"]),
        ("What does Kroll think of the fishermen in Ostrau?", ["fishermen", "Ostrau"]),
        ("Was sagte Kroll zum Thema Hafen?", ["Hafen"]),
        ("Was hat Kroll über den Kai gesagt?", ["Kai"]),
        ("Was hält Kroll von der Fischerei?", ["Fischerei"]),
        ("What did Kroll say in the harbour?", []),
        ("What did Ines Kroll say on Friday?", []),
        ("What did Ines Kroll say on Friday about the harbour?", ["harbour"]),
        ("What did Ines Kroll say on behalf of the fishermen?", []),
        ("What did Ines Kroll of the harbour office say?", []),
        ("Was sagte Kroll von der Hafenbehörde?", []),
        ("Was sagte Kroll zu Beginn der Sitzung?", []),
        ("Was sagte Kroll zu Journalisten über den Hafen?", ["Hafen"]),
        ("Was sagte Kroll zur Presse?", []),
        ("Wovor warnt Kroll?", []),
        ("What does it cost according to Kroll?", []),
    ],
)
def test_what_words_are_asked_on_stands_after_a_preposition(question: str, topic: list[str]) -> None:
    found = asked_speaker(asked(question))
    assert found is not None
    assert [word.text for word in found.topic] == topic


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("What did Ines Kroll say about the harbour?", "Ines Kroll"),
        ("What does Kroll think of it?", "Kroll"),
        ("What is Kroll said to have warned of?", "Kroll"),
        ("Was sagte Kroll zum Hafen?", "Kroll"),
        ("Wie äußerte sich Ines Kroll zu den Fischern?", "Ines Kroll"),
        ("Was hat Kroll über den Kai gesagt?", "Kroll"),
        ("Wovor warnt Kroll?", "Kroll"),
        ("How does Ines Kroll justify the harbour?", "Ines Kroll"),
        ("Has Kroll commented on the harbour?", "Kroll"),
        ("What did the mayor's adviser Ines Kroll deny?", "Ines Kroll"),
        ("What does it cost according to Kroll?", "Kroll"),
        ("Wie begründet Kroll den Ausbau?", "Kroll"),
        ("Was räumte Ines Kroll ein?", "Ines Kroll"),
        ("Was hat Kroll dem Bürgermeister vorgeworfen?", "Kroll"),
        ("Welche Hilfen hat Ines Kroll angekündigt?", "Ines Kroll"),
        ("Wie teuer wird der Hafen laut Kroll?", "Kroll"),
        ("Wie groß ist nach Angaben von Ines Kroll der Hafen?", "Ines Kroll"),
        ("Was hält Kroll vom Ausbau?", "Kroll"),
        ("Wie steht Ines Kroll zum Ausbau?", "Ines Kroll"),
        ("Warum hielt Kroll die Rede im Rathaus?", ""),
        ("Wo steht Kroll?", ""),
        ("What did people say about Kroll?", ""),
        ("Was sagen die Fischer über Kroll?", ""),
        ("Wer kritisierte Kroll?", ""),
        ("What did the harbour cost?", ""),
        ("Was kostet der Ausbau in Ostrau?", ""),
        ("Who says that Kroll left?", ""),
        ("Was geschah, nachdem Kroll das gesagt hatte?", ""),
    ],
)
def test_who_is_asked_for(question: str, who: str) -> None:
    query = asked(question)
    assert name_in(query, speakers_asked_for(query)) == who


@pytest.mark.parametrize(
    ("who", "said"), [("Kroll", [True, True, True, False]), ("Dahms", [False, False, False, False])]
)
def test_a_report_names_who_speaks_in_it_or_beside_it(who: str, said: list[bool]) -> None:
    speakers = speakers_asked_for(asked(f"Was sagte {who} zum Hafen?"))
    assert [is_said_by(speakers, sentence) for sentence in sentences(NEWS)] == said


def test_reported_speech_goes_on_in_german() -> None:
    speakers = speakers_asked_for(asked("Was sagte Kroll zum Hafen?"))
    text = "Kroll ist dagegen. Es regnete. Man habe die Fischer nie gefragt. Es regnete weiter."
    assert [is_said_by(speakers, sentence) for sentence in sentences(text)] == [False, False, True, False]


def test_a_turn_is_its_speakers() -> None:
    own = speakers_asked_for(asked("Was sagte Dahms zum Kai?"))
    assert [is_said_by(own, sentence) for sentence in sentences(MINUTES)] == [False, True]


def test_in_a_language_whose_reports_are_not_known_everything_counts_as_said() -> None:
    own = speakers_asked_for(asked("Was sagte Dahms zum Kai?"))
    assert all(is_said_by(own, sentence) for sentence in sentences(NEWS, "pl"))


TALKS = (
    "Beraterin Ines Kroll hat den Ausbau verteidigt. Die Fischer seien früh gefragt worden, sagte Kroll am Montag. Bürgermeister "
    "Peter Dahms widersprach. „Kroll hat niemanden gefragt“, sagte Dahms. Der Ausbau kostet neun Millionen Euro."
)


def read(text: str) -> list[Sentence]:
    """The sentences of a document in which quotations have been looked for."""
    (sentence, *_) = sentences(text)
    hit = sentence.hit
    passage = replace(hit.passage, quotations=find_quotations(text, "de"))
    return sentences_of([replace(hit, passage=passage, document=replace(hit.document, language="de"))])


@pytest.mark.parametrize(
    ("who", "said"),
    [("Kroll", [False, True, False, False, False]), ("Dahms", [False, False, False, True, False])],
)
def test_words_about_somebody_are_not_theirs(who: str, said: list[bool]) -> None:
    """Without the quotations, what Dahms says of Kroll would pass for Kroll's."""
    speakers = speakers_asked_for(asked(f"Was sagte {who} über die Fischer?"))
    assert [is_said_by(speakers, sentence) for sentence in read(TALKS)] == said
    assert is_said_by(speakers_asked_for(asked("Was sagte Kroll?")), sentences(TALKS)[3])


def test_who_speaks_may_be_asked_for_as_the_text_has_it() -> None:
    text = "Krolls Anwältin, Marta Brehm, sagte, der Kai sei zu kurz."
    (sentence,) = read(text)
    assert told_by(sentence.hit.passage, 0, len(text)) == Attribution(speaker="Marta Brehm", kind="indirect")
    for who in ("Krolls Anwältin", "Brehm"):
        assert is_said_by(speakers_asked_for(asked(f"Was sagte {who} zum Kai?")), sentence)


def test_a_speaker_that_was_misread_as_a_single_word_refuses_nobody_else() -> None:
    text = "Fährmann Peter Dahms versprach zwei Boote am Tag."
    (sentence,) = read(text)
    promised = Quotation(kind="indirect", start=31, end=len(text) - 1, name="Fährmann")
    misread = replace(
        sentence, hit=replace(sentence.hit, passage=replace(sentence.hit.passage, quotations=(promised,)))
    )
    assert is_said_by(speakers_asked_for(asked("Was sagte Dahms über Boote?")), misread)
    assert not is_said_by(speakers_asked_for(asked("Was sagte Kroll über Boote?")), misread)


def test_a_quote_says_whose_words_it_tells() -> None:
    told = [told_by(one.hit.passage, one.start, one.end) for one in read(TALKS)]
    assert told == [
        None,
        Attribution(speaker="Ines Kroll", kind="indirect"),
        None,
        Attribution(speaker="Peter Dahms", kind="direct"),
        None,
    ]


def test_a_quote_that_somebody_unnamed_says_more_of_is_not_the_others() -> None:
    man = Quotation(kind="direct", start=0, end=60)
    dahms = Quotation(kind="indirect", start=80, end=120, name="Peter Dahms")
    passage = read(TALKS)[0].hit.passage
    assert told_by(replace(passage, quotations=(man, dahms)), 0, 150) is None
    assert told_by(replace(passage, quotations=(dahms,)), 0, 150) is not None


def test_a_quote_of_two_people_is_neithers() -> None:
    passage = read(TALKS)[0].hit.passage
    assert told_by(passage, passage.start, passage.end) is None
    assert told_by(replace(passage, quotations=None), 50, 100) is None


SAID = (
    "Beraterin Ines Kroll kam am Montag. Der Kai sei zu kurz, sagte sie. „Wir haben niemanden gefragt“, räumte sie ein. Bürgermeister Peter "
    "Dahms widersprach. Er sagte, der Kai reiche aus."
)


def test_the_reader_sees_names_for_pronouns_in_what_is_asked_for() -> None:
    found = read(SAID)
    words = speakers_asked_for(asked("Was räumte Ines Kroll ein?"))
    named = with_names(found[0].hit, words)
    shown = [named.passage.text[start:end] for start, end in named.passage.sentences]
    assert shown == [
        "Beraterin Ines Kroll kam am Montag.",
        "Der Kai sei zu kurz, sagte Ines Kroll.",
        "„Wir haben niemanden gefragt“, räumte Ines Kroll ein.",
        "Bürgermeister Peter Dahms widersprach.",
        "Er sagte, der Kai reiche aus.",
    ]
    assert with_names(found[0].hit, ()) == found[0].hit
    assert [tells(words, one) for one in found] == [False, True, True, False, False]
    verbs = asked_speaker(asked("Was räumte Ines Kroll ein?"))
    assert verbs is not None
    assert [has_cue(verbs.verbs, one) for one in found] == [False, False, True, False, False]


@given(st.lists(st.sampled_from([*SAID.split(". "), "Sie lacht", "„Nein!“", ""]), max_size=8), st.booleans())
def test_every_sentence_stays_where_it_is_counted(parts: list[str], kroll: bool) -> None:
    text = ". ".join(parts) or "."
    found = read(text) if text.strip(". ") else []
    words = speakers_asked_for(asked(f"Was sagte {'Ines Kroll' if kroll else 'Dahms'}?"))
    for hit in {one.hit.passage.id: one.hit for one in found}.values():
        named = with_names(hit, words)
        before = [hit.passage.text[start:end] for start, end in hit.passage.sentences]
        after = [named.passage.text[start:end] for start, end in named.passage.sentences]
        assert len(after) == len(before)
        for one, other in zip(before, after, strict=True):
            assert one == other or "Kroll" in other or "Dahms" in other
