"""What a draft in another language than its source says otherwise and is the same, and what is not."""

from __future__ import annotations

import pytest

from assistant.drafts.faults import SentenceText, faults_of
from assistant.drafts.speakers import names_agree
from assistant.drafts.turned import turned_faults
from assistant.language.lexicon import Lexicon, shipped


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped()


def kinds(stated: str, source: str, language: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    texts = (
        SentenceText(text=stated, language=language),
        SentenceText(text=source, language="en" if language == "de" else "de"),
    )
    found = [
        *faults_of(texts[0], [texts[1]], [], lexicon),
        *turned_faults(texts[0], [texts[1]], [], lexicon),
    ]
    return [(one.kind, one.written) for one in found]


@pytest.mark.parametrize(
    ("stated", "source", "language"),
    [
        # names spelled as each language does
        ("A street was named after Schevchenko in Poltava.", "In Poltawa wurde eine Straße nach Schewtschenko benannt.", "en"),
        ("The Waldensians moved to the valley.", "Die Waldenser zogen in das Tal.", "en"),
        ("Ein Denkmal für Kopernikus steht am Ufer.", "A monument to Copernicus stands on the shore.", "de"),
        # a compound with a name, and a word that is no name
        ("Die Zeppelin-Halle wurde verkauft.", "The hall of the Zeppelin was sold.", "de"),
        ("Er zeichnete ein schiefes Fünfeck auf die Tafel.", "He drew a skewed pentagon on the blackboard.", "de"),
        # denials in other clauses
        ("There is no word as to whether the ferry takes the bicycles that were left on the pier.",
         "Es gibt keine Auskunft dazu, ob die Fähre die Fahrräder mitnimmt, die am Steg blieben.", "en"),
        ("The driverless bus began its tour on Monday.", "Der Bus ohne Fahrer begann seine Tour am Montag.", "en"),
        # what a verb says of a figure
        ("Der Verein hat mehr als 300 Mitglieder.", "Members of the club exceed 300.", "de"),
    ],
)  # fmt: skip
def test_what_a_translation_has_otherwise_is_the_same(
    stated: str, source: str, language: str, lexicon: Lexicon
) -> None:
    assert kinds(stated, source, language, lexicon) == []


@pytest.mark.parametrize(
    ("stated", "source", "language", "kind"),
    [
        ("A street was named after Korolenko in Poltava.", "In Poltawa wurde eine Straße nach Schewtschenko benannt.", "en", "name"),
        ("Ein Denkmal für Kepler steht am Ufer.", "A monument to Copernicus stands on the shore.", "de", "name"),
        ("Am Abend brannte die Zaharoff-Halle.", "The hall of the Zeppelin burned in the evening.", "de", "name"),
        ("The bus with a driver began its tour on Monday.", "Der Bus ohne Fahrer begann seine Tour am Montag.", "en", "negation"),
        ("The ferry does not take bicycles.", "Die Fähre nimmt Fahrräder mit.", "en", "negation"),
        ("Der Verein hat mehr als 300 Mitglieder.", "The club has less than 300 members.", "de", "figure"),
    ],
)  # fmt: skip
def test_what_is_otherwise_in_a_translation_is_told(
    stated: str, source: str, language: str, kind: str, lexicon: Lexicon
) -> None:
    assert kind in [found for found, _ in kinds(stated, source, language, lexicon)]


@pytest.mark.parametrize("pronoun", ["he", "Er", "They", "sie"])
def test_a_pronoun_is_nobody_else(pronoun: str) -> None:
    assert names_agree(pronoun, "Jonas Kirsch") == "not_checked"
    assert names_agree("Jonas Kirsch", pronoun) == "not_checked"
