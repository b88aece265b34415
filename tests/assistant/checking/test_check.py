"""Statements checked against what they cite: figures, dates, names and negations, within and across languages."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checking.check import CheckResult, check
from assistant.checking.quantities import quantities_of
from assistant.language.lexicon import shipped
from assistant.messages import UNLIKE, say
from ingest.text.languages import detect

TITLE, DATE = "Uschakow im Gespräch", "2025-12-03"


def verdict(
    statement: str, *quotes: str, language: str = "", around: tuple[str, ...] = (), **options: float
) -> CheckResult:
    return check(
        statement,
        quotes,
        around,
        language=language or detect(statement, ("de", "en")),
        lexicon=shipped(),
        **options,
    )


# What a sentence says, a statement that it bears out, and one that it does not.
PAIRS = [
    # durations, amounts, shares
    ("Die fünfstündigen Gespräche endeten am Abend.", "The talks lasted five hours.", "The talks lasted six hours."),
    ("The five-hour talks ended.", "Die Gespräche dauerten fünf Stunden.", "Die Gespräche dauerten fünf Tage."),
    ("Der Umbau kostet 1,5 Millionen Euro.", "The rebuild costs 1.5 million euros.", "The rebuild costs 1.5 million dollars."),
    ("Der Etat beträgt 3 Billionen Euro.", "The budget is 3 trillion euros.", "The budget is 3 billion euros."),
    ("The budget is 3 billion euros.", "Der Etat beträgt drei Milliarden Euro.", "Der Etat beträgt drei Billionen Euro."),
    ("Es stieg um 30 %.", "It rose by 30 per cent.", "It rose by 13 per cent."),
    ("Eine halbe Million Menschen flohen.", "About 500,000 people fled.", "About 50,000 people fled."),
    ("The negotiations took 18 months.", "Die Verhandlungen dauerten anderthalb Jahre.", "Die Verhandlungen dauerten zweieinhalb Jahre."),
    ("Some 350 people demonstrated.", "Hunderte Menschen demonstrierten in der Stadt.", "Tausende Menschen demonstrierten in der Stadt."),
    ("Exactly 1,487,000 people live there.", "About 1.5 million people live in the city.", "About 1.7 million people live in the city."),
    ("24 people were injured.", "Es gab zwei Dutzend Verletzte.", "Es gab drei Dutzend Verletzte."),
    ("Die Brücke misst 5 bis 10 Meter.", "The bridge measures 5 metres or more.", "The bridge measures 5 kilometres or more."),
    # ordinals, dates, times
    ("Im 19. Jahrhundert wuchs die Stadt.", "The city grew in the 19th century.", "The city grew in the 18th century."),
    ("Er gewann das dritte Rennen.", "He won the third race.", "He won the fourth race."),
    ("Die Wahl ist am 3. März 2024.", "The vote is on March 3, 2024.", "The vote is on May 3, 2024."),
    ("Sie trafen sich am Dienstag um 15 Uhr.", "They met at 3 p.m. on Tuesday.", "They met at 3 p.m. on Monday."),
    ("In den 1990er Jahren brach der Handel ein.", "Trade collapsed in the 1990s.", "Trade collapsed in the 1980s."),
    # names
    ("Kiew lehnte den Vorschlag ab.", "Kyiv turned the proposal down.", "Moscow turned the proposal down."),
    ("Uschakow sprach in Moskau.", "Ushakov spoke in Moscow.", "Lavrov spoke in Moscow."),
    ("Die Europäische Union stimmte zu.", "The EU agreed.", "The UN agreed."),
    ("The American president met Zelensky.", "Der US-Präsident traf sich mit Selenskyj.", "Der US-Präsident traf sich mit Klitschko."),
    ("Die norwegische Regierung wartet.", "The government of Norway is waiting.", "The government of Sweden is waiting."),
    ("Merkel besuchte das polnische Parlament.", "Chancellor Merkel visited the Polish parliament.", "Chancellor Scholz visited the Polish parliament."),
    # negations
    ("Ein Treffen von Putin und Trump ist nach Angaben aus Moskau derzeit nicht geplant.", "Ein Treffen ist nicht geplant.", "Ein Treffen ist geplant."),
    ("Deutschland ist kein Mitglied.", "Germany is not a member.", "Germany is a member."),
    ("Germany is a member.", "Deutschland ist Mitglied in der Gruppe.", "Deutschland ist nicht Mitglied in der Gruppe."),
    ("The bridge reopened without delay.", "Die Brücke wurde ohne Verzögerung geöffnet.", "Die Brücke wurde mit Verzögerung geöffnet."),
    ("The talks were unsuccessful.", "The talks were not successful.", "The talks were successful."),
    ("Selenskyj schloss Gespräche nicht aus.", "Zelensky did not rule out talks.", "Zelensky ruled out talks."),
    ("Das Dach wird nicht vor 2031 ersetzt.", "Das Dach wird frühestens 2031 ersetzt.", "Das Dach wird 2031 ersetzt."),
    ("The roof will not be replaced before 2031.", "The roof will be replaced in 2031 at the earliest.", "The roof will be replaced in 2031."),
    (
        "The mayor will resign, but the council will not dissolve itself.",
        "The mayor will resign.",
        "The mayor will not resign.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "true", "false"),
    [
        (
            "Юрий Ушаков заявил, что компромисс не найден.",
            "Uschakow sprach über einen Kompromiss.",
            "Lawrow sprach über einen Kompromiss.",
        ),
        (
            "Після зустрічі журналісти поставили запитання Зеленському.",
            "Journalists had questions for Zelensky.",
            "Journalists had questions for Klitschko.",
        ),
        (
            "Ο Αλέξης Τσίπρας μίλησε στη Βουλή για τον προϋπολογισμό.",
            "Tsipras spoke about the budget.",
            "Mitsotakis spoke about the budget.",
        ),
    ],
)
def test_names_are_checked_across_scripts(quote: str, true: str, false: str) -> None:
    assert verdict(true, quote).supported != "no"
    assert verdict(false, quote).supported == "no"


@pytest.mark.parametrize(("quote", "true", "false"), PAIRS)
def test_a_statement_is_borne_out_or_not(quote: str, true: str, false: str) -> None:
    found = verdict(true, quote)
    assert (found.supported, found.reason) == ("yes", "")
    flagged = verdict(false, quote)
    assert flagged.supported == "no"
    assert flagged.reason


# The same share in each language, and as a percentage.
SHARES = [
    ("Half of them left the city.", "Die Hälfte von ihnen verließ die Stadt.", "50 percent of them left the city."),
    ("A third of them left the city.", "Ein Drittel von ihnen verließ die Stadt.", "33 percent of them left the city."),
    ("A quarter of them left the city.", "Ein Viertel von ihnen verließ die Stadt.", "25 percent of them left the city."),
    ("One fifth of them left the city.", "Ein Fünftel von ihnen verließ die Stadt.", "20 percent of them left the city."),
    ("Two thirds of them left the city.", "Zwei Drittel von ihnen verließen die Stadt.", "67 percent of them left the city."),
    ("Three quarters of them left the city.", "Drei Viertel von ihnen verließen die Stadt.", "75 percent of them left the city."),
    ("Nearly half the people left the city.", "Fast die Hälfte der Leute verließ die Stadt.", "50 percent of people left the city."),
    ("Three quarters of them left the city.", "Dreiviertel von ihnen verließen die Stadt.", "75 percent of them left the city."),
]  # fmt: skip


@pytest.mark.parametrize("stated", SHARES)
def test_a_share_is_borne_out_by_the_same_share_alone(stated: tuple[str, ...]) -> None:
    for statement, language in zip(stated, ("en", "de", "en"), strict=True):
        for quoted in SHARES:
            same = stated[2][:2] == quoted[2][:2]
            for quote in quoted:
                flagged = verdict(statement, quote, language=language).supported == "no"
                assert flagged is not same, (statement, quote)


@pytest.mark.parametrize(
    "statement",
    [
        "Die zweite Hälfte begann mit einem Tor.",
        "In the second half of the match they scored.",
        "The northern half of the island is dry.",
        "They met at half past nine by the river.",
        "It took half the year to build.",
        "Half a second of silence followed.",
    ],
)
def test_a_half_that_is_a_place_or_a_time_is_no_share(statement: str) -> None:
    amounts = quantities_of(statement, detect(statement, ("de", "en"))).amounts
    assert [amount.sure for amount in amounts if amount.text.lower() in ("half", "hälfte")] == [False]


def test_a_statement_that_cites_nothing_is_not_borne_out() -> None:
    assert verdict("The bridge is closed.") == CheckResult(
        supported="no", reason="No source is cited for this."
    )


def test_names_and_the_day_of_publication_may_stand_beside_the_quote() -> None:
    quote = "Er sagte am Mittwoch, man habe keinen Kompromiss gefunden."
    around = (TITLE, DATE)
    assert (
        verdict("Ushakov said on 3 December that no compromise was found.", quote, around=around).supported
        == "yes"
    )
    assert (
        verdict("Ushakov said on 4 December that no compromise was found.", quote, around=around).supported
        == "no"
    )
    assert verdict("Ushakov said on 3 December that no compromise was found.", quote).supported == "no"


def test_figures_beside_the_quote_bear_nothing_out() -> None:
    assert (
        verdict("They have 17 ships.", "They have ships.", around=("17 planes were sold.",)).supported == "no"
    )


def test_the_reason_names_what_is_missing_in_the_language_of_the_answer() -> None:
    assert "„sechs“" in verdict("Es dauerte sechs Stunden.", "It took five hours.", language="de").reason
    assert "“Lavrov”" in verdict("It was Lavrov.", "Es war Uschakow.").reason


def test_several_faults_are_all_named() -> None:
    reason = verdict("Lavrov did not sell 17 ships.", "Ushakov sold 12 ships.").reason
    assert "Lavrov" in reason
    assert "17" in reason
    assert "denies" in reason


def test_languages_whose_negations_are_unknown_are_not_vouched_for() -> None:
    quote = "Die Stadt hat nach Angaben der Verwaltung heute 5000 Einwohner."
    assert verdict("La ville compte 5000 habitants.", quote, language="fr").supported == "not checked"
    assert verdict("La ville compte 6000 habitants.", quote, language="fr").supported == "no"


def test_a_statement_about_something_else_is_told_by_its_meaning_only_within_a_language() -> None:
    statement, quote = "The harbour was closed because of ice.", "The orchestra played until late at night."
    assert verdict(statement, quote, similarity=-0.5).supported == "no"
    assert verdict(statement, quote, similarity=5.0).supported == "yes"
    german = "Der Hafen wurde wegen des Eises für die Schifffahrt geschlossen."
    assert verdict(statement, german, similarity=-0.5).supported == "yes"


WHOLE = [
    *(sentence for quote, true, _ in PAIRS for sentence in (quote, true)),
    "The monastery of Xi'an bought 3 kg of CO2 from AKW99.",
    "Among the guests: Ana Lucía Ibáñez, Gianluigi Moretti, Jean-Luc Dubois, Søren Aagaard.",
]


@pytest.mark.parametrize("sentence", WHOLE)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_sentence_bears_itself_out(sentence: str, language: str) -> None:
    assert verdict(sentence, sentence, language=language).supported == "yes"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WHOLE), min_size=1, max_size=4), st.sampled_from(PAIRS), st.randoms())
def test_the_order_of_quotes_does_not_matter(
    quotes: list[str], pair: tuple[str, str, str], dice: random.Random
) -> None:
    shuffled = list(quotes)
    dice.shuffle(shuffled)
    for statement in pair:
        assert verdict(statement, *quotes, language="en") == verdict(statement, *shuffled, language="en")


@settings(max_examples=60, deadline=None)
@given(st.integers(20, 10**7), st.integers(20, 10**7))
def test_a_number_that_the_quote_does_not_have_is_always_flagged(stated: int, quoted: int) -> None:
    supported = verdict(
        f"They counted {stated:,} birds.", f"Sie zählten {quoted} Vögel.", language="en"
    ).supported
    assert (supported == "yes") == (stated == quoted)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=120), st.lists(st.text(max_size=120), max_size=3), st.sampled_from(["de", "en", "fr"])
)
def test_any_text_is_checked_without_an_error(statement: str, quotes: list[str], language: str) -> None:
    found = verdict(statement, *quotes, language=language)
    assert (found.reason == "") == (found.supported == "yes")


def test_a_quote_too_short_to_tell_is_in_the_language_of_its_passage() -> None:
    """Similarities across languages do not count against a statement; "in Milano" looks English."""

    def reason(quoted_in: str) -> str:
        statement, quote = "The games are in Milan.", "Olympia in Milano."
        return check(
            statement,
            [quote],
            ["Milan"],
            language="en",
            lexicon=shipped(),
            quoted_in=quoted_in,
            similarity=0.1,
        ).reason

    assert reason("") == reason("en") != ""
    assert say(UNLIKE, "en") in reason("")
    assert say(UNLIKE, "en") not in reason("de")
