"""A question understood: its language, its content words, and what each may be called in the sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.language.compounds import short_parts
from assistant.language.courtesies import idle_adverbs, without_courtesies
from assistant.language.function_words import languages as tabled_languages
from assistant.language.function_words import told_by_function_words
from assistant.language.lexicon import Lexicon
from assistant.language.word_families import GERMAN, base_forms, family, rejoined
from assistant.language.words import (
    Word,
    as_written,
    equivalents,
    is_function_word,
    is_german_noun,
    is_listed,
    lemma,
)
from assistant.retrieval.question_type import without_interrogative
from ingest.text.folding import NUMBER
from ingest.text.languages import detect
from ingest.text.months import months, weekdays

WORD = re.compile(rf"(?!\d{{1,2}}\.[01]?\d\.(?!\d)){NUMBER}|[^\W_]+(?:[-'’][^\W_]+)*")
# Languages that a short question may be in, besides those of the index.
QUESTION_LANGUAGES = tabled_languages()
# Words of so many letters are one 4-gram, which no compound of theirs has.
SHORT_NOUN = 3
# Up to so many words, function words tell a question's language better than statistics of letters do.
SHORT = 6
FALLBACK = "en"
_STARTING = frozenset('.!?:"“„«»¿¡')  # after these a sentence or a quotation starts
CAPITALISED_NOUNS = ("de", "lb")
# After these, without an article, stand names of places.
_OF_PLACES = {"de": ("in", "aus", "nach", "bei")}
ELIDING = ("fr", "it", "ca")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_ELISION = re.compile(r"(?<!\w)(\w{1,7})['’](?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as retrieval takes it; a lexicon joins its language to those ``joined``."""

    text: str
    language: str
    words: tuple[Word, ...]
    joined: tuple[str, ...] = ()


def understand(
    question: str, languages: Sequence[str], lexicon: Lexicon, language: str = "", *, bare: bool = False
) -> Query:
    """The query of ``question`` towards sources in ``languages`` (ISO 639-1 codes); its text is without courtesies.

    A ``bare`` question has none: it is taken as it is.
    """
    question = question if bare else without_courtesies(question)
    language = language or language_of(question, languages, lexicon)
    targets = [code for code in languages if code and code != language]
    tokens = _tokens(without_interrogative(_without_elisions(question, language)))
    words: dict[str, Word] = {}
    position = 0
    while position < len(tokens):
        length, word = _phrase(tokens, position, language, targets, lexicon) or (1, None)
        placed = position > 0 and tokens[position - 1][0].lower() in _OF_PLACES.get(language, ())
        word = word or _word(*tokens[position], language, targets, lexicon, placed=placed)
        if word is not None:
            words.setdefault(word.text.lower(), word)
        position += length
    joined = tuple(code for code in targets if (language, code) in lexicon.pairs)
    foreign = bool(targets) and not joined and language not in languages
    together = rejoined(question) if language == GERMAN else ()
    found = (replace(_joined(word, together), foreign=foreign) for word in words.values())
    with_parts = tuple(_with_parts(word, language) for word in found)
    return Query(text=question, language=language, words=with_parts, joined=joined)


def _with_parts(word: Word, language: str) -> Word:
    """The word with what German compounds and it may have in common."""
    german = (
        (word.text,) if language == GERMAN and word.text[0].isupper() else word.equivalents.get(GERMAN, ())
    )
    return replace(
        word,
        parts=tuple(sorted(short_parts(word.text))) if language == GERMAN else (),
        short=tuple(form for form in german if len(form) == SHORT_NOUN and form.isalpha()),
    )


def _joined(word: Word, verbs: Iterable[str]) -> Word:
    """A verb with those of ``verbs`` that are it and its prefix, which stands elsewhere: "rief" and "anrufen"."""
    joined = [verb for verb in verbs if any(verb.endswith(form) for form in word.forms[1:])]
    return replace(word, forms=_unique([*word.forms, *joined])) if joined else word


def language_of(question: str, languages: Sequence[str], lexicon: Lexicon) -> str:
    """The language of a question about sources in ``languages``, the most frequent first; empty without letters.

    One word that tells nothing, such as a name, is taken to be in the language of most sources.
    """
    held = [code for code in languages if code]
    among = dict.fromkeys((*QUESTION_LANGUAGES, *held))
    words = WORD.findall(question)
    if len(words) > SHORT:
        return detect(question, tuple(among))
    told = told_by_function_words(question, among)
    untabled = tuple(code for code in held if code not in QUESTION_LANGUAGES)
    if len(told) == 1 and not untabled:
        return told[0]
    if told or len(words) > 1:
        return detect(question, (*told, *untabled) if told else tuple(among))
    return _of_one_word(words[0], held, lexicon) if words else ""


def language_in_conversation(
    question: str, conversation: str, languages: Sequence[str], lexicon: Lexicon
) -> str:
    """The language of a question in a conversation that has been in ``conversation``, which few words seldom tell anew.

    A short question is in another language only if its function words tell one, or a lexicon has its words in that one alone.
    """
    words = WORD.findall(question)
    if len(words) > SHORT or not conversation:
        return language_of(question, languages, lexicon)
    held = [code for code in languages if code]
    told = told_by_function_words(question, dict.fromkeys((*QUESTION_LANGUAGES, *held)))
    if told:
        return conversation if conversation in told else language_of(question, languages, lexicon)
    likely = dict.fromkeys((*held[:2], FALLBACK))
    plain = [word.lower() for word in words]
    if any(_is_known(word, conversation, lexicon) or is_listed(word, conversation) for word in plain):
        return conversation
    return next(
        (code for code in likely if plain and all(_is_known(word, code, lexicon) for word in plain)),
        conversation,
    )


def _is_known(word: str, language: str, lexicon: Lexicon) -> bool:
    return lexicon.knows(word, language) or lexicon.knows(lemma(word, language), language)


def _of_one_word(word: str, held: Sequence[str], lexicon: Lexicon) -> str:
    """The first of the sources' languages and English whose lexicon or dictionary has the word; that of most sources else."""
    if not any(letter.isalpha() for letter in word):
        return ""
    likely = tuple(dict.fromkeys((*held[:2], FALLBACK)))
    known = [code for code in likely if lexicon.knows(word.lower(), code)]
    listed = known or [code for code in likely if is_listed(word, code)]
    return (listed or likely)[0]


def _without_elisions(question: str, language: str) -> str:
    """The question without what an apostrophe joins to a word: "l'accord", "qu'a dit", "Uschakow's"."""
    if language == "en":
        return _POSSESSIVE.sub("", question)
    return _ELISION.sub(r"\1 ", question) if language in ELIDING else question


def weighed(query: Query, rarity: Callable[[Sequence[str]], float]) -> Query:
    """The query with each word's weight by how rare its forms are."""
    return replace(query, words=tuple(replace(word, weight=rarity(word.forms)) for word in query.words))


def _phrase(
    tokens: Sequence[tuple[str, bool]], position: int, language: str, targets: Sequence[str], lexicon: Lexicon
) -> tuple[int, Word] | None:
    """The longest phrase of the lexicon that starts at ``position``, and how many words it has."""
    for length in range(min(lexicon.longest(language), len(tokens) - position), 1, -1):
        written = [token for token, _ in tokens[position : position + length]]
        for text in (" ".join(written).lower(), " ".join(lemma(word, language) for word in written)):
            equivalent = {target: lexicon.alternatives(text, language, target) for target in targets}
            if any(equivalent.values()):
                return length, _made(" ".join(written), (text,), equivalent, name=False)
    return None


def _word(
    text: str, first: bool, language: str, targets: Sequence[str], lexicon: Lexicon, *, placed: bool = False
) -> Word | None:
    """A token as a word; None where it has no content. What is ``placed`` stands where names of places do."""
    if len(text) == 1 and not text.isdigit():
        return None
    if is_function_word(text, language, lexicon) or text.lower() in idle_adverbs(language):
        # In mid-sentence a capital letter makes it part of a name: the ship "Ever Given".
        named = text[0].isupper() and not first and language not in CAPITALISED_NOUNS
        return _made(text, (text.lower(),), {}, name=True) if named else None
    base, *others = base_forms(text, language)
    written = [(text, base), *((other, other) for other in others)]
    equivalent = {
        target: _unique([form for pair in written for form in equivalents(*pair, language, target, lexicon)])
        for target in targets
    }
    known = lexicon.knows(text.lower(), language) or lexicon.knows(base, language)
    # Names of places are often made of words that the lexicon has, which they don't mean: Bitterfeld, Braunlage.
    listed = any(
        lexicon.alternatives(form, language, code) for form in (text.lower(), base) for code in targets
    )
    if placed and not listed and _is_name(text, base, first, language, known):
        return replace(_made(text, (base,), {}, name=True), proper=True)
    known = known or any(equivalent.values())
    name = _is_name(text, base, first, language, known)
    made = _made(text, (base, *family(text, language)), equivalent, name=name)
    return replace(made, proper=_is_proper(made, base, first, language, lexicon))


def _made(text: str, others: Sequence[str], equivalent: Mapping[str, tuple[str, ...]], *, name: bool) -> Word:
    """A word that is also written as ``others`` in its own language."""
    forms = _unique([text, *others, *(form for forms in equivalent.values() for form in forms)])
    return Word(text=text, forms=forms, equivalents=equivalent, name=name)


def _is_name(text: str, base: str, first: bool, language: str, known: bool) -> bool:
    """Whether a word is a name or a number: capitalised, and in no lexicon.

    Where every noun is capitalised, or at the start of a sentence, the word must not be inflected either.
    """
    if any(letter.isdigit() for letter in text):
        return True
    if not text[0].isupper() or known:
        return False
    return base == text.lower() if first or language in CAPITALISED_NOUNS else True


def _is_proper(word: Word, base: str, first: bool, language: str, lexicon: Lexicon) -> bool:
    """Whether a word is a name beyond doubt: one that no dictionary has as a noun, or that English writes with a capital."""
    if any(letter.isdigit() for letter in word.text) or not word.text[0].isupper():
        return False
    if word.name and not (language in CAPITALISED_NOUNS and _may_be_noun(word.text, language)):
        return not first
    english = (base,) if language == FALLBACK else lexicon.alternatives(base, language, FALLBACK)[:1]
    dates = {*months(FALLBACK), *weekdays(FALLBACK)}
    return any(as_written(form, FALLBACK)[0].isupper() and form not in dates for form in english)


def _may_be_noun(word: str, language: str) -> bool:
    """Whether a dictionary has a capitalised word, or what a compound of that language ends in: "Desegregationsperiode"."""
    ends = (word[at:].lower() for at in range(SHORT_NOUN, len(word) - SHORT_NOUN))
    return is_listed(word, language) or (language == GERMAN and any(map(is_german_noun, ends)))


def _tokens(question: str) -> list[tuple[str, bool]]:
    """The words, and whether each one's first letter says nothing: it starts a sentence, or all words are capitalised."""
    tokens: list[tuple[str, bool]] = []
    end = 0
    for match in WORD.finditer(question):
        signs = question[end : match.start()].rstrip()
        tokens.append((match.group(), signs[-1] in _STARTING if signs else not end))
        end = match.end()
    lower = any(word[0].islower() for word, _ in tokens)
    return tokens if lower else [(word, True) for word, _ in tokens]


def _unique(forms: Sequence[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for form in forms:
        first.setdefault(form.lower(), form)
    return tuple(first.values())
