"""Who does it to whom, where the draft has it in the passive and its source does not, or the other way round."""

from __future__ import annotations

import pytest

from assistant.drafts.faults import SentenceText
from assistant.drafts.voices import turned_voice
from assistant.language.lexicon import Lexicon, shipped


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped()


def turned(stated: str, source: str, language: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    theirs = SentenceText(text=source, language=language)
    found = turned_voice(SentenceText(text=stated, language=language), theirs, lexicon)
    return [(one.written, source[slice(*(one.beside or (0, 0)))]) for one in found]


@pytest.mark.parametrize(
    ("stated", "source", "language", "words"),
    [
        ("The grocer was sued by the landlord over the lease.", "The grocer sued the landlord over the lease.", "en", ("landlord", "grocer")),
        ("Three barges were hired to Nordwerft by Keller Optics.", "Nordwerft hired three barges to Keller Optics.", "en", ("Keller Optics", "Nordwerft")),
        ("Tom Brehm beat Paul Dent.", "Tom Brehm was beaten by Paul Dent.", "en", ("Tom Brehm", "Paul Dent")),
        ("Die Lotsin wurde vom Kapitän gelobt.", "Die Lotsin lobte den Kapitän.", "de", ("Kapitän", "Lotsin")),
        ("Die Firma Keller wurde von der Firma Brehm übernommen.", "Die Firma Keller übernahm 2020 die Firma Brehm.", "de", ("Firma Brehm", "Firma Keller")),
        ("Die Fähre hat den Schlepper gerammt.", "Die Fähre wurde vom Schlepper gerammt.", "de", ("Fähre", "Schlepper")),
    ],
)  # fmt: skip
def test_whoever_is_acted_upon_in_the_source_does_not_act(
    stated: str, source: str, language: str, words: tuple[str, str], lexicon: Lexicon
) -> None:
    assert turned(stated, source, language, lexicon) == [words]
    assert turned(source, source, language, lexicon) == []


@pytest.mark.parametrize(
    ("stated", "source", "language"),
    [
        ("The landlord was sued by the grocer.", "In May the grocer sued the landlord.", "en"),
        ("The shed was built by the canal.", "The club built a shed by the canal.", "en"),
        ("The bill was rejected by Friday.", "The senate rejected the bill on Friday.", "en"),
        ("Der Kapitän wurde von der Lotsin gelobt.", "Den Kapitän lobte die Lotsin.", "de"),
        ("Die Mühle wurde 1998 vom Landkreis gekauft.", "Die Mühle kaufte der Landkreis 1998.", "de"),
        ("Der Steg wurde gestern von der Gemeinde repariert.", "Gestern reparierte die Gemeinde den Steg.", "de"),
        ("Der Steg wurde Anfang Mai von der Gemeinde repariert.", "Anfang Mai reparierte die Gemeinde den Steg.", "de"),
        ("Der Steg wurde am Freitag von der Gemeinde repariert.", "Am Freitag reparierte die Gemeinde den Steg.", "de"),
        ("Die Reform wurde von der Opposition abgelehnt.", "Die Opposition lehnte die Reform ab.", "de"),
    ],
)  # fmt: skip
def test_the_same_in_the_other_voice_is_the_same(
    stated: str, source: str, language: str, lexicon: Lexicon
) -> None:
    assert turned(stated, source, language, lexicon) == []
