"""Quotations found in texts: what was said, how, by whom."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.quotations import find_quotations
from ingest.types import Extent, Quotation

Told = tuple[str, str, str]

GERMAN: tuple[tuple[str, tuple[Told, ...]], ...] = (
    # quotation marks, before, after and in the middle of their frame
    ("„Wir bauen im Mai“, sagte Ute Brandt.", (("direct", "„Wir bauen im Mai“", "Ute Brandt"),)),
    ("Ute Brandt sagte: „Wir bauen im Mai.“", (("direct", "„Wir bauen im Mai.“", "Ute Brandt"),)),
    ("»Wir bauen im Mai«, sagte Ute Brandt.", (("direct", "»Wir bauen im Mai«", "Ute Brandt"),)),
    ("«Wir bauen im Mai», sagte Ute Brandt.", (("direct", "«Wir bauen im Mai»", "Ute Brandt"),)),
    ('"Wir bauen im Mai", sagte Ute Brandt.', (("direct", '"Wir bauen im Mai"', "Ute Brandt"),)),
    (
        "„Er rief ‚Halt‘ und lief“, sagte Ute Brandt.",
        (("direct", "„Er rief ‚Halt‘ und lief“", "Ute Brandt"),),
    ),
    (
        "„Wir bauen im Mai. Dann wird es laut.\n\nIm Juni ist Ruhe“, sagte Ute Brandt.",
        (("direct", "„Wir bauen im Mai. Dann wird es laut.\n\nIm Juni ist Ruhe“", "Ute Brandt"),),
    ),
    ("Ute Brandt nannte den Plan „völlig verfehlt“.", (("direct", "„völlig verfehlt“", "Ute Brandt"),)),
    # names and titles in marks are nobody's words
    ("Der Film „Das Boot“ läuft im Kino „Capitol“.", ()),
    ("Die Zeitung „Der Morgen“ erscheint täglich.", ()),
    # the subjunctive, "dass", an infinitive, a question
    ("Ute Brandt sagte, der Bau beginne im Mai.", (("indirect", "der Bau beginne im Mai", "Ute Brandt"),)),
    ("Der Bau beginne im Mai, sagte Ute Brandt.", (("indirect", "Der Bau beginne im Mai", "Ute Brandt"),)),
    (
        "Ute Brandt betonte, dass der Bau im Mai beginnt.",
        (("indirect", "dass der Bau im Mai beginnt", "Ute Brandt"),),
    ),
    ("Ute Brandt kündigte an, im Mai zu bauen.", (("indirect", "im Mai zu bauen", "Ute Brandt"),)),
    (
        "Ute Brandt fragte, ob der Bau im Mai beginnt.",
        (("indirect", "ob der Bau im Mai beginnt", "Ute Brandt"),),
    ),
    (
        "Ute Brandt hat mitgeteilt, der Bau habe begonnen.",
        (("indirect", "der Bau habe begonnen", "Ute Brandt"),),
    ),
    # sources
    ("Laut Polizei brannte ein Lager.", (("indirect", "brannte ein Lager", "Polizei"),)),
    ("Nach Angaben der Polizei brannte ein Lager.", (("indirect", "brannte ein Lager", "Polizei"),)),
    ("Der Polizei zufolge brannte ein Lager.", (("indirect", "brannte ein Lager", "Polizei"),)),
    ("Ein Lager brannte nach Angaben der Polizei.", (("indirect", "Ein Lager brannte", "Polizei"),)),
    ("Wie die Polizei mitteilte, brannte ein Lager.", (("indirect", "brannte ein Lager", "Polizei"),)),
    ("Ein Lager brannte aus, so die Polizei.", (("indirect", "Ein Lager brannte aus", "Polizei"),)),
    # only what was done with words
    ("Ute Brandt forderte mehr Geld.", (("reported", "Ute Brandt forderte mehr Geld.", "Ute Brandt"),)),
    ("Ute Brandt kündigte Reformen an.", (("reported", "Ute Brandt kündigte Reformen an.", "Ute Brandt"),)),
    # free speech goes on with the last speaker
    (
        "Ute Brandt sagte, der Bau beginne im Mai. Er werde ein Jahr dauern.",
        (
            ("indirect", "der Bau beginne im Mai", "Ute Brandt"),
            ("indirect", "Er werde ein Jahr dauern.", "Ute Brandt"),
        ),
    ),
    # what is told by no word is the text's own
    ("Der Bau beginnt im Mai. Er wird ein Jahr dauern.", ()),
    ("Auf der Brücke staute sich am Montag der Verkehr.", ()),
)

ENGLISH: tuple[tuple[str, tuple[Told, ...]], ...] = (
    ("“We start in May,” said Ann Hill.", (("direct", "“We start in May,”", "Ann Hill"),)),
    ("“We start in May,” Ann Hill said.", (("direct", "“We start in May,”", "Ann Hill"),)),
    ('Ann Hill said: "We start in May."', (("direct", '"We start in May."', "Ann Hill"),)),
    ("‘We start in May,’ said Ann Hill.", (("direct", "‘We start in May,’", "Ann Hill"),)),
    (
        "Ann Hill said that work would start in May.",
        (("indirect", "that work would start in May", "Ann Hill"),),
    ),
    (
        "Ann Hill said the work would start in May.",
        (("indirect", "the work would start in May", "Ann Hill"),),
    ),
    (
        "The work would start in May, Ann Hill said.",
        (("indirect", "The work would start in May", "Ann Hill"),),
    ),
    (
        "According to Ann Hill, the work will start in May.",
        (("indirect", "the work will start in May", "Ann Hill"),),
    ),
    ("As Ann Hill put it to me, I said nothing.", ()),
    ("Ann Hill demanded more money.", (("reported", "Ann Hill demanded more money.", "Ann Hill"),)),
    ("The report was published in May.", ()),
    ("The ship “Good Hope” sank in 1914.", ()),
)

# Who speaks in the last quotation; empty where the text doesn't say it for certain.
SPEAKERS: tuple[tuple[str, str, str], ...] = (
    ("en", "“It crumbles,” said transport minister Jan Petersen on Monday evening.", "Jan Petersen"),
    ("en", "“It crumbles,” said Jan Petersen of the harbour office on Monday.", "Jan Petersen"),
    ("de", "„Sie bröckelt“, sagte Verkehrsminister Jan Petersen am Montag.", "Jan Petersen"),
    ("de", "Der Berater Juri Uschakow kam spät. Uschakow sagte, er sei müde.", "Juri Uschakow"),
    ("de", "Der Berater Juri Uschakow kam spät. Ushakov sagte, er sei müde.", "Juri Uschakow"),
    ("de", "Der Berater Juri Uschakow kam spät. Er sagte, der Flug sei lang gewesen.", "Juri Uschakow"),
    (
        "de",
        "Der Berater Juri Uschakow kam spät. Der Berater sagte, der Flug sei lang gewesen.",
        "Juri Uschakow",
    ),
    (
        "de",
        "Wladimir Putins Berater Juri Uschakow kam spät. Putins Berater sagte, er sei müde.",
        "Juri Uschakow",
    ),
    ("de", "Wladimir Putin kam spät. Putins Sprecher sagte, der Flug sei lang gewesen.", ""),
    (
        "de",
        "Der Leiter Juri Uschakow kam spät. Uschakow, ein Berater von Max Roth, sagte, er sei müde.",
        "Juri Uschakow",
    ),
    ("de", "Ministerin Eva Roth traf Minister Jan Kolb. Sie sagte, das Treffen sei gut gewesen.", "Eva Roth"),
    ("de", "Ministerin Eva Roth traf Minister Jan Kolb. Er sagte, das Treffen sei gut gewesen.", "Jan Kolb"),
    ("de", "Minister Max Roth traf Minister Jan Kolb. Er sagte, das Treffen sei gut gewesen.", ""),
    ("de", "Die Leiterin des Amtes, Eva Roth, sagte, der Antrag sei fertig.", "Eva Roth"),
    ("de", "Eva Roth, die das Amt leitet, sagte, der Antrag sei fertig.", "Eva Roth"),
    ("de", "Ein Sprecher sagte, der Antrag sei fertig.", ""),
    ("de", "Es hieß, der Antrag sei fertig.", ""),
    ("de", "Dem Amt wurde vorgeworfen, den Antrag zu verschleppen.", ""),
    ("de", "Die Tat bezeichnete Jan Kolb als „ganz und gar sinnlos“.", "Jan Kolb"),
    ("de", "Der Antrag ist fertig. Das teilte Eva Roth mit.", "Eva Roth"),
    ("en", "The mayor, Ruth Hall, came late. Hall said she was tired.", "Ruth Hall"),
    ("en", "The mayor, Ruth Hall, came late. The mayor said the flight had been long.", "Ruth Hall"),
    ("en", "Mr Tom Hall met Mrs Eve Dunn. She said the meeting was good.", "Eve Dunn"),
    ("en", "Tom Hall met Eve Dunn. A spokesman said the meeting was good.", ""),
    ("en", "The Russian adviser Yuri Ushakov came late. Uschakow said he was tired.", "Yuri Ushakov"),
    ("en", "“We will see,” said Ruth Hall, the mayor of Ely.", "Ruth Hall"),
    ("en", "The leader, Will Hall, came late. Hall said he was tired.", "Will Hall"),
    # somebody of theirs, something of theirs, somebody beside them
    ("en", "Ruth Hall's lawyer said the case was closed.", ""),
    ("en", "A cousin of singer Ruth Hall said the case was closed.", ""),
    ("en", "A note to Minister Ruth Hall says the dam has cracked.", ""),
    ("en", "According to officials, driver Tom Hall was asleep.", ""),
    ("en", "Talking to editor Eve Dunn, a farmer said the rain was late.", ""),
    ("en", "Minister Tom Hall met banker Max Claim. A guard said the door was open.", ""),
    ("en", "At a rally of Senator Tom Hall a woman shouted: “Go home at once!”", ""),
    ("en", "Asked by Tom Hall whether she would go, Eve Dunn shook her head.", ""),
    ("en", "Tom Hall met Max Lake. The latter said the road was long.", ""),
    ("de", "Jan Kolb stritt ab, was Eva Roth erzählt hatte: „Ich war an dem Tag gar nicht da.“", "Jan Kolb"),
    ("en", "Ferry operator Miles Croft said two boats would come.", "Miles Croft"),
    (
        "en",
        "The Ely Bridge is shut. Baker Ann Hill said it was a pity. “We lose half,” she said.",
        "Ann Hill",
    ),
    ("en", "Ruth Hall's office said the matter was closed.", ""),
    ("en", "Neither Ruth Hall nor Tom Dunn said that the plan had failed.", ""),
    ("en", "Ruth Hall's plumber Tom Dunn said the matter was closed.", "Tom Dunn"),
    ("de", "Jan Kolb schweigt. Er habe das Geld genommen, so der Vorwurf.", ""),
    ("de", "Anders als Jan Kolb meint Eva Roth, der Bau sei teuer.", "Eva Roth"),
    # who names something, and what is named
    ("de", "Eva Roth bezeichnete die Steuer als „völlig verfehlt“.", "Eva Roth"),
    ("de", "Die Leiterin Eva Roth bezeichnete die Steuer als „völlig verfehlt“.", "Eva Roth"),
    ("de", "Die Steuer bezeichnete der Minister Jan Kolb als „völlig verfehlt“.", "Jan Kolb"),
    # what stands first, and is nobody
    ("de", "Monatelang bestritt Eva Roth, dass der Bau teuer ist.", "Eva Roth"),
    ("de", "Die Gemeinden verkaufen Land, sofern der Bund es nicht benötige.", ""),
    ("de", "Im Gesetz steht der Satz: „Wer baut, der haftet für alles.“", ""),
    ("de", "Er kehrte zur alten Version zurück, wonach der Bau teuer sei.", ""),
    ("de", "Der Bau soll den Berichten zufolge im Mai beginnen.", ""),
    ("en", "“This is a scandal!” somebody shouted as Tom Hall came in.", ""),
    ("de", "Der Bau, so Kritikerin Eva Roth, sei teuer.", "Eva Roth"),
    # a pronoun, and words without a frame, after two of whom either may speak
    ("en", "“I am off,” Tom Hall told Eve Dunn. “So am I,” she said.", ""),
    ("en", "Captain Tom Hall was sad. Coach Max Lake joined him. “We were slow again today.”", ""),
    ("de", "Trainerin Eva Roth war enttäuscht. Jan Kolb kam dazu. „Wir waren heute zu langsam.“", ""),
    ("de", "Leiterin Eva Roth lobte den Bau. Jan Kolb saß daneben. Der Bau werde zwei Jahre dauern.", ""),
    ("de", "Leiterin Eva Roth lobte den Bau. Es regnete. Der Bau werde zwei Jahre dauern.", ""),
)

# Nothing is said.
SILENT: tuple[tuple[str, str], ...] = (
    ("de", "Auf die Frage von Jan Kolb, ob der Bau teuer sei, antwortete Eva Roth nicht."),
    ("en", "The speech by Tom Hall began with a bow."),
    ("de", f"Ute B{'r' * 10_000} sagte, der Bau sei teuer."),
)


@pytest.mark.parametrize(("text", "expected"), GERMAN)
def test_german(text: str, expected: tuple[Told, ...]) -> None:
    assert _told(text, "de") == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: tuple[Told, ...]) -> None:
    assert _told(text, "en") == expected


@pytest.mark.parametrize(("language", "text", "name"), SPEAKERS)
def test_who_speaks(language: str, text: str, name: str) -> None:
    assert find_quotations(text, language)[-1].name == name


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_nobody_speaks(language: str, text: str) -> None:
    assert all(one.name == "" for one in find_quotations(text, language))


def test_cue_and_speaker_are_where_they_stand() -> None:
    text = "Gestern teilte die Leiterin Eva Roth mit, der Antrag sei fertig."
    (quotation,) = find_quotations(text, "de")
    assert quotation.cue is not None
    assert quotation.speaker is not None
    assert quotation.cue.of(text) == "teilte"
    assert quotation.speaker.of(text) == "die Leiterin Eva Roth"


def test_no_language_without_a_grammar() -> None:
    assert find_quotations("« Oui », dit-il.", "fr") == ()


def test_a_region_is_no_other_language() -> None:
    assert find_quotations("Laut Polizei brannte ein Lager.", "de-AT")


PIECES = st.sampled_from(
    (
        "„", "“", "”", "»", "«", '"', "‚", "‘", "’", "'", "''", "(", ")", "[", "]", ",", ";", ":", ".", "!", "?", "–", " - ", "\n", "\n\n", " ",
        "Ute Brandt", "Müller", "er", "sie", "der", "die Polizei", "sagte", "teilte", "mit", "sei", "habe", "dass", "laut", "nach Angaben",
        "zufolge", "so", "wie", "und", "demnach", "hieß es", "Ann Hill", "said", "that", "the mayor", "according to", "she", "they", "would",
        "\ue000", "Q\ue000\ue000", "\u2028", "𝄞", "é", "12.5", "3.", "<b>Eva", "\u202eRoth", "Ute_Kolb",
    )
)  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(PIECES, max_size=60).map(" ".join),
        st.lists(PIECES, max_size=60).map("".join),
    )
)
@settings(max_examples=300, deadline=None)
def test_any_text_has_quotations_within_it_in_order(text: str) -> None:
    for language in ("de", "en"):
        quotations = find_quotations(text, language)
        for quotation in quotations:
            assert 0 <= quotation.start < quotation.end <= len(text)
            for extent in (quotation.cue, quotation.speaker):
                assert extent is None or _is_in(extent, text)
            assert quotation.name == "" or quotation.speaker is not None
            assert all(letter.isalnum() or letter in " -'’.&/" for letter in quotation.name), (
                "no markup, no marks"
            )
        assert list(quotations) == sorted(quotations, key=lambda one: (one.start, -one.end))
        assert all(_fit(one, other) for one, other in itertools.pairwise(quotations))


@pytest.mark.parametrize(
    "unit",
    [
        "„",
        "‘a",
        '"a ',
        "A ",
        "sagte, ",
        "Der ",
        "laut ",
        "er sei ",
        "Anna von der Berg ",
        "said ",
        "the ",
        "(",
        "\n„",
        "“Yes,” said Ann Smith, ",
    ],
)
def test_time_grows_with_length_only(unit: str) -> None:
    """Three times the time of a text four times as long would be quadratic, and takes minutes for this one."""
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    find_quotations(text, "de")
    find_quotations(text, "en")
    assert time.process_time() - started < 20


def test_a_family_of_thousands_takes_no_longer() -> None:
    """Everybody of one surname is compared with all others of it, so a document knows only so many."""
    letters = "bcdfghjklmnpqrst"
    family = (
        f"U{''.join(three)}a Brandt sagte, er sei da. " for three in itertools.product(letters, repeat=3)
    )
    text = "".join(family)
    started = time.process_time()
    find_quotations(text, "de")
    assert time.process_time() - started < 10


def _told(text: str, language: str) -> tuple[Told, ...]:
    return tuple((one.kind, text[one.start : one.end], one.name) for one in find_quotations(text, language))


def _is_in(extent: Extent, text: str) -> bool:
    return 0 <= extent.start < extent.end <= len(text)


def _fit(one: Quotation, other: Quotation) -> bool:
    """Whether a quotation is apart from the next one, or has it within."""
    return one.end <= other.start or other.end <= one.end
