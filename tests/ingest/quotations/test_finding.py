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
    (
        "Ute Brandt sagte, der Bau sei teuer. Die Kosten würden steigen. Der Zugang funktioniere weiterhin.",
        (
            ("indirect", "der Bau sei teuer", "Ute Brandt"),
            ("indirect", "Die Kosten würden steigen.", "Ute Brandt"),
            ("indirect", "Der Zugang funktioniere weiterhin.", "Ute Brandt"),
        ),
    ),
    ("Die Leiterin blieb, weil es zu spät sei.", (("indirect", "weil es zu spät sei.", ""),)),
    # verbs in several words, and said of what was written
    ("Am Montag wurde bekannt, dass der Bau teuer ist.", (("indirect", "dass der Bau teuer ist", ""),)),
    (
        "Der Bau sei teuer, wie der Verband am Montag bekannt gab.",
        (("indirect", "Der Bau sei teuer", "Verband"),),
    ),
    ("Beide legten Wert darauf, dass der Bau beginnt.", (("indirect", "dass der Bau beginnt", ""),)),
    ("Ute Brandt schloss nicht aus, dass der Bau ruht.", (("indirect", "dass der Bau ruht", "Ute Brandt"),)),
    ("Im Bericht steht, dass der Bau teuer ist.", (("indirect", "dass der Bau teuer ist", ""),)),
    ("Am Fluss steht, dass man es sehen kann, ein Haus.", ()),
    ("Es gibt die Theorie, dass der Bau teuer war.", (("indirect", "dass der Bau teuer war", ""),)),
    # what is said before it is said who said it
    ("Der Bau ist teuer. Das gab Ute Brandt bekannt.", (("indirect", "Der Bau ist teuer.", "Ute Brandt"),)),
    ("Der Bau ist teuer, das teilte Ute Brandt mit.", (("indirect", "Der Bau ist teuer", "Ute Brandt"),)),
    # more sources
    ("Nach Polizeiangaben brannte ein Lager.", (("indirect", "brannte ein Lager", ""),)),
    (
        "Nach einer Stellungnahme der Polizei brannte ein Lager.",
        (("indirect", "brannte ein Lager", "Polizei"),),
    ),
    ("Nach dem vorläufigen Endergebnis gewann die Liste.", (("indirect", "gewann die Liste", ""),)),
    (
        "Laut einer am Dienstag verschickten Mitteilung brannte ein Lager.",
        (("indirect", "brannte ein Lager", ""),),
    ),
    ("Es gibt Gerüchte, nach denen ein Lager brannte.", (("indirect", "ein Lager brannte", ""),)),
    ("Ein Gutachten, laut dem der Bau sicher ist, liegt vor.", (("indirect", "der Bau sicher ist", ""),)),
    ("Nach Abschluss der Ermittlungen brannte ein Lager.", ()),
    # a name between commas belongs to its clause
    (
        "Wie die Leiterin des Amtes, Ute Brandt, am Montag mitteilte, beginnt der Bau.",
        (("indirect", "beginnt der Bau", "Ute Brandt"),),
    ),
    (
        "Gestern gab die Leiterin, Ute Brandt, bekannt, dass der Bau beginnt.",
        (("indirect", "dass der Bau beginnt", "Ute Brandt"),),
    ),
    # a main clause is content in any mood, and the frame may go on behind it
    (
        "Ute Brandt erklärte, die Stadt benutze das Geld.",
        (("indirect", "die Stadt benutze das Geld", "Ute Brandt"),),
    ),
    (
        "Ute Brandt sagte, Jan Kolb, der dort war, habe das Geld.",
        (("indirect", "Jan Kolb, der dort war, habe das Geld", "Ute Brandt"),),
    ),
    (
        "Ute Brandt sagte, er sei krank, verließ aber den Saal nicht.",
        (("indirect", "er sei krank", "Ute Brandt"),),
    ),
    (
        "Während Ute Brandt ankündigte, im Mai zu bauen, schwieg der Rat.",
        (("indirect", "im Mai zu bauen", "Ute Brandt"),),
    ),
    # what stands before a verb of saying, and isn't said
    (
        "In einem Bericht, der am Montag erschien, forderte Ute Brandt mehr Geld.",
        (
            (
                "reported",
                "In einem Bericht, der am Montag erschien, forderte Ute Brandt mehr Geld.",
                "Ute Brandt",
            ),
        ),
    ),
    (
        "Die Union lehnte den Plan ab, während die Linke ihn begrüßte.",
        (
            ("reported", "Die Union lehnte den Plan ab", "Union"),
            ("reported", "während die Linke ihn begrüßte.", "Linke"),
        ),
    ),
    # what a verb of saying does not tell
    ("Der Pilot meldete den Schaden, so dass der Flug ausfiel.", ()),
    ("Jan Kolb wollte nicht bestätigen, dass der Bau ruht.", ()),
    ("Das Gebiet wurde zum Park erklärt, um zu helfen.", ()),
    # names that people give themselves, and quotations that are part of a noun
    (
        "Die Gruppe, die sich „Rat der Weisen“ nennt, forderte mehr Geld.",
        (("reported", "Die Gruppe, die sich „Rat der Weisen“ nennt, forderte mehr Geld.", "Gruppe"),),
    ),
    (
        "Ute Brandt sagte, die „Eins zu Eins“-Regel gelte nicht.",
        (("indirect", "die „Eins zu Eins“-Regel gelte nicht", "Ute Brandt"),),
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
    # frames within what was said, around it, and going on after it
    (
        "The fund is empty, Ann Hill said, and nobody knows why.",
        (("indirect", "The fund is empty, Ann Hill said, and nobody knows why", "Ann Hill"),),
    ),
    (
        "The staff had been told that no shop was at risk, said their leader, Ann Hill.",
        (("indirect", "The staff had been told that no shop was at risk", "Ann Hill"),),
    ),
    (
        "Ann Hill said the shops were open and predicted that sales would grow.",
        (
            ("indirect", "the shops were open", "Ann Hill"),
            ("indirect", "that sales would grow", "Ann Hill"),
        ),
    ),
    (
        "Ann Hill said she could not back a plan that nobody had read.",
        (("indirect", "she could not back a plan that nobody had read", "Ann Hill"),),
    ),
    (
        "Asked whether she would go, Ann Hill shook her head.",
        (("indirect", "whether she would go", ""),),
    ),
    ("Ann Hill wants to know who will pay.", (("indirect", "who will pay", "Ann Hill"),)),
    ("Ann Hill told the station the work was done.", (("indirect", "the work was done", "Ann Hill"),)),
    (
        "Ann Hill called the show “a comedy with paintings”.",
        (("direct", "“a comedy with paintings”", "Ann Hill"),),
    ),
    # what is hoped for is told, what had been expected is not, nor what was not said
    ("Ann Hill hopes to start in May.", (("reported", "Ann Hill hopes to start in May.", "Ann Hill"),)),
    (
        "Ann Hill promised her shoes to the museum.",
        (("reported", "Ann Hill promised her shoes to the museum.", "Ann Hill"),),
    ),
    ("Analysts had expected the decision.", ()),
    ("Ann Hill did not say where she would go.", ()),
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
    # the subject stands behind the verb where something else opens the sentence
    ("de", "Den Gästen im Saal der Stadt sagte Eva Roth, der Bau beginne.", "Eva Roth"),
    ("de", "Der Kommentar von Eva Roth: „Der Bau ist viel zu teuer.“", "Eva Roth"),
    ("de", "Hier sparte Eva Roth nicht mit Kritik:\n„Der Bau ist viel zu teuer.“", "Eva Roth"),
    ("de", "Wie der Sprecher, dessen Chefin Eva Roth ist, sagte, ruht der Bau.", ""),
    # a word that only opens the sentence, a role in two words, and what people have together
    ("en", "Supporters said they would sing.", ""),
    ("en", "Environmental groups said they would sing.", ""),
    ("en", "The chief whip denied this.", ""),
    ("en", "The bakers' union accused the board of lies.", "bakers union"),
    ("en", "One of them, Ann Hill, told voters in a letter that taxes would rise.", "Ann Hill"),
    ("en", "The flat was sold to Ann Hill, whose heirs told the court that it was theirs.", ""),
    # a pronoun after somebody without a name
    ("en", "Mayor Tom Hall met a guard. A guard said the door was shut. He said it had rained.", ""),
    ("en", "The ranger, Mrs Eve Dunn, came late. According to her, the road was long.", "Eve Dunn"),
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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ruth Hall hat nie gesagt, dass die Rente sicher ist."),
        ("de", "Ruth Hall sagte nicht, wann sie zurücktritt."),
        ("de", "Ruth Hall glaubt nicht, dass der Plan gelingt."),
        ("de", "Niemand sagte, dass die Brücke unsicher ist."),
        ("de", "Hat Ruth Hall gesagt, dass die Brücke unsicher ist?"),
        ("de", "Sollte Ruth Hall sagen, dass die Brücke unsicher ist, wird sie gesperrt."),
        ("en", "Nobody said that the pier is unsafe."),
        ("en", "If Ruth Hall says that the pier is unsafe, it will close."),
        ("en", "Ruth Hall never said that the pier is unsafe."),
    ],
)
def test_what_was_not_said_is_nobodys(language: str, text: str) -> None:
    assert find_quotations(text, language) == ()


@pytest.mark.parametrize(
    "text",
    [
        "„Es ist aus.“ Das sagte nicht Ruth Hall, sondern Tom Dunn.",
        "Ruth Hall zitierte Tom Dunn mit den Worten: „Es ist aus.“",
        "Ruth Hall hat nie gesagt: „Es ist aus.“",
    ],
)
def test_words_of_another_are_not_theirs_whom_the_sentence_names_first(text: str) -> None:
    (found,) = find_quotations(text, "de")
    assert found.name != "Ruth Hall"


@pytest.mark.parametrize(
    "text",
    [
        "„Ich gehe“, sagte Ruth Hall nicht ohne Stolz.",
        "Ruth Hall sagte nicht nur, dass sie gehe, sondern auch wann.",
        "Ruth Hall bestritt nicht, dass sie geht.",
    ],
)
def test_what_only_looks_denied_is_said(text: str) -> None:
    assert {one.name for one in find_quotations(text, "de")} == {"Ruth Hall"}


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


def test_a_list_after_a_colon_is_told_from_its_first_item() -> None:
    text = "Der Berater Max Roth zog eine Bilanz: Nützlich, offen und „lang“ sei das Treffen gewesen."
    told = [one for one in find_quotations(text, "de") if one.kind == "indirect"]
    assert [text[one.start : one.end] for one in told] == [
        "Nützlich, offen und „lang“ sei das Treffen gewesen."
    ]
