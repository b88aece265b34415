"""Function words tell the language of a short question, and carry no content."""

from __future__ import annotations

import pytest

from assistant.language.function_words import function_words, languages
from assistant.language.lexicon import shipped
from assistant.retrieval.query import language_of, understand

QUESTIONS = {
    "ar": "متى افتتح الجسر؟|من هو العمدة؟",
    "cs": "Kdo otevřel most?|Kolik stál most?|Kde je nádraží?|Kdy začala stavba?|Proč je škola zavřená?|Jaká je délka tunelu?",
    "da": "Hvem åbnede broen?|Hvor meget kostede slusen?|Hvornår begynder festen?|Hvorfor er skolen lukket?|Hvad hedder havnen?",
    "de": "Wer war das?|Was kostet die Brücke?|Wann beginnt es?|Warum?|Wie lang ist der Tunnel?|Wo liegt Łódź?|Wer ist Erdoğan?|Und wer leitet das Museum?",
    "el": "Ποιος άνοιξε τη γέφυρα;|Πόσο κόστισε το λιμάνι;|Πότε άρχισαν τα έργα;|Πού βρίσκεται το θέατρο;|Γιατί έκλεισε;",
    "en": "hi|Hello!|Who signed it?|How long is the bridge?|When?|Why did she resign?|Where is Malmö?|What was decided?|And who paid?",
    "es": "¿Quién firmó?|¿Cuánto costó el puente?|¿Dónde está la biblioteca?|¿Cuándo empieza?|Por qué cerró la escuela?|Cuál es la superficie?",
    "fr": "Qui a signé ?|Combien a coûté le pont ?|Où est la gare ?|Quand commence le festival ?|Pourquoi l'école est-elle fermée ?|Quelle est la longueur du tunnel ?",
    "hu": "Ki nyitotta meg a hidat?|Mennyibe került a híd?|Mikor kezdődik?|Hol van a könyvtár?|Miért zárták be?|Milyen hosszú az alagút?",
    "it": "Chi non ha firmato?|Quanto è costato il teatro?|Dov'è la stazione?|Quando riapre?|Perché è chiuso?|Qual è la lunghezza del ponte?",
    "nl": "Hoeveel kostte de sluis?|Wie opende de brug?|Wanneer begint het?|Waarom is de school dicht?|Waar ligt de haven?|Hoe lang is de sluis?",
    "pl": "Ile kosztował most?|Kto otworzył most?|Kiedy zaczęto budowę?|Gdzie jest biblioteka?|Dlaczego zamknięto szkołę?|Jaka jest długość mostu?",
    "pt": "Quem não assinou?|Quanto custou a ponte?|Onde fica a biblioteca?|Quando começa?|Qual é a altura da torre?|Quantos lugares tem o teatro?",
    "ro": "Cine a semnat?|Cât a costat podul?|Unde este gara?|Când începe festivalul?|Care este lungimea tunelului?|Câte locuri sunt?",
    "ru": "Какова площадь библиотеки?|Кто открыл мост?|Сколько стоил мост?|Когда началась стройка?|Почему закрыли школу?|Где находится музей?",
    "sv": "Vem öppnade bron?|Hur mycket kostade slussen?|När börjar festivalen?|Varför är skolan stängd?|Vad heter hamnen?|Vilken längd har tunneln?",
    "tr": "Köprüyü kim açtı?|Köprü kaç metre?|Festival ne zaman başlıyor?|Okul neden kapalı?|Müze nerede?|Hangi okul kapandı?",
    "uk": "Яка довжина моста?|Скільки коштував міст?|Хто відкрив бібліотеку?|Коли почалося будівництво?|Чому закрили школу?|Де музей?",
}  # fmt: skip
ASKED = [(language, question) for language, asked in QUESTIONS.items() for question in asked.split("|")]


def test_the_table_is_large_enough() -> None:
    assert len(ASKED) >= 100
    assert set(QUESTIONS) == set(languages())


@pytest.mark.parametrize(("language", "question"), ASKED)
def test_a_short_question_tells_its_language(language: str, question: str) -> None:
    assert language_of(question, ["de", "en"], shipped()) == language


def test_documents_in_a_language_without_a_line_may_be_asked_in_it() -> None:
    assert language_of("Кога откриха моста?", ["bg"], shipped()) == "bg"
    assert language_of("Wann wurde die Brücke eröffnet?", ["bg"], shipped()) == "de"


@pytest.mark.parametrize(("held", "language"), [([], "en"), (["de", "en"], "de"), (["it"], "it")])
def test_a_word_that_tells_nothing_is_in_the_language_of_most_documents(
    held: list[str], language: str
) -> None:
    assert language_of("Uschakow?", held, shipped()) == language
    assert not language_of("2024?", held, shipped())


@pytest.mark.parametrize(("word", "language"), [("strike", "en"), ("Hochwasser", "de"), ("hi", "en")])
def test_a_single_word_is_in_the_language_that_has_it(word: str, language: str) -> None:
    assert language_of(word, ["de", "en"], shipped()) == language


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Яка довжина моста?", ["довжина", "моста"]),
        ("Скільки коштував міст?", ["коштував", "міст"]),
        ("Какова площадь библиотеки?", ["площадь", "библиотеки"]),
        ("Hoeveel kostte de sluis?", ["kostte", "sluis"]),
        ("Ile kosztował most?", ["kosztował", "most"]),
        ("Chi non ha firmato?", ["firmato"]),
    ],
)
def test_question_words_carry_no_content(question: str, words: list[str]) -> None:
    assert [word.text for word in understand(question, ["de"], shipped()).words] == words


def test_a_language_without_a_line_has_no_words() -> None:
    assert not function_words("xx")
