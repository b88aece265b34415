"""What a language's table says about speech, in the form in which sentences are read: `SpeechGrammar`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Gender = Literal["", "m", "f", "p"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechVerb:
    """A form of a verb of saying.

    ``particle`` is the part that stands apart ("teilte … mit"). With ``content`` what was said follows or goes before; a verb that
    ``reports`` says enough without ("kritisierte die Reform").
    """

    lemma: str
    finite: bool
    particle: str = ""
    content: bool = True
    reports: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechGrammar:
    """The words of a language by which speech and speakers are found; all in lower case, but for nouns of languages that write them so."""

    language: str
    verbs: Mapping[str, tuple[SpeechVerb, ...]]
    """By form. A participle and an infinitive are not finite; they count with an auxiliary in their clause."""
    auxiliaries: frozenset[str]
    passives: frozenset[str]
    """Auxiliaries that make it somebody unnamed, or one after ``agents``, who speaks: "wurde vorgeworfen"."""
    agents: frozenset[str]
    nouns: re.Pattern[str]
    """Nouns whose content follows: "die Forderung, …", "the claim that …"."""
    sources: frozenset[str]
    """What stands before a source: "laut", "per"; and, as several words, "according to"."""
    source_nouns: re.Pattern[str]
    """What follows ``source_prepositions`` before the source: "nach Angaben der Polizei", "in the words of …"."""
    source_prepositions: frozenset[str]
    sources_after: frozenset[str]
    """What stands after a source: "zufolge"."""
    references: frozenset[str]
    """What points back to a source: "demnach", "wonach"."""
    doubtful: frozenset[str]
    """Those of them that mostly mean something else: they count beside the mood of others' words."""
    so: frozenset[str]
    """What may stand before a speaker whose words go before, without a verb: "…, so der Minister"."""
    as_words: frozenset[str]
    """What begins "wie … sagte", "as … said"."""
    complementisers: frozenset[str]
    """What begins a clause that says what was said: "dass", "ob", "that", "whether"."""
    that: frozenset[str]
    relatives: frozenset[str]
    possessive_relatives: frozenset[str]
    """Those of them that say whose somebody is: "deren", "whose"."""
    subordinators: frozenset[str]
    conjunctions: frozenset[str]
    prepositions: frozenset[str]
    determiners: frozenset[str]
    oblique: frozenset[str]
    """Determiners and pronouns that no subject has: "den", "dem", "ihm"."""
    reflexive: frozenset[str]
    oblique_pronouns: frozenset[str]
    """Those of them that no noun follows: "sich", "him"."""
    pronouns: Mapping[str, Gender]
    objects: Mapping[str, Gender]
    """Pronouns that name a source: "according to her", "ihm zufolge"."""
    links: frozenset[str]
    """What joins a noun to a noun of one phrase: "des", "von", "of"."""
    adverbs: frozenset[str]
    of_verbs: frozenset[str]
    """Verbs that report only with one of ``agents``: "sprach von einem Erfolg"."""
    impersonal: frozenset[str]
    """Subjects that are nobody: "es", "man", "it"."""
    subjunctive: frozenset[str]
    """Forms of verbs that by themselves say that others' words are told; none where the language has none."""
    conditional: frozenset[str]
    """Verbs that say so after ``subjunctive`` ones or a verb of saying."""
    hearsay: frozenset[str]
    """Verbs that say so with another verb in the perfect: "soll gesagt haben", and after a verb of saying."""
    infinitive: re.Pattern[str] | None
    """A clause that ends so says what somebody is asked or ready to do: "… zu zahlen"."""
    labelling: frozenset[str]
    """Verbs that give something a name of the speaker's: "nennen", "call"."""
    naming: frozenset[str]
    """Those of them after which a name follows: "nennt sich „Rat“"."""
    introductions: frozenset[str]
    """What stands before such a name in marks: "als", "eine", "a"."""
    media: re.Pattern[str]
    """What speaks for somebody where nobody is named: "in einem Bericht", after ``media_prepositions``."""
    media_prepositions: frozenset[str]
    adverb_endings: re.Pattern[str]
    """How a word ends that may begin a sentence with a capital letter and is no name."""
    definite: frozenset[str]
    titles: Mapping[str, Gender]
    roles: re.Pattern[str]
    """Nouns for persons by what they do: "Minister", "spokeswoman"."""
    female_roles: re.Pattern[str]
    no_speakers: frozenset[str]
    """Capitalised words that are no source of words: days, months, units."""
    questions: frozenset[str]
    """What begins an indirect question that follows its verb without a comma."""
    coordinators: frozenset[str]
    """What goes on with the frame after content: "…, er komme, und kündigte an"."""
    contrasts: frozenset[str]
    """What begins a clause with a frame of its own: "…, während die Union ablehnte"."""
    perfects: frozenset[str]
    """Auxiliaries of what has just been said; what had been said before is background."""
    perfect_ends: frozenset[str]
    singular: frozenset[str]
    """Subjects after which a verb in "-e" is in the subjunctive."""
    first_person: frozenset[str]
    purposes: frozenset[str]
    """What begins an infinitive that is no content: "um … zu"."""
    conditions: frozenset[str]
    infinitive_words: frozenset[str]
    nominative: frozenset[str]
    """Determiners that beside a verb only its subject has."""
    negations: frozenset[str]
    """What ends a clause of saying in which nothing is said: "antwortete er nicht"."""
    not_denying: frozenset[str]
    """What makes a negation before it none: "nicht nur", "nicht ohne"."""
    denying: frozenset[str]
    """Verbs by which what follows is denied: "bestritt, dass …"; with a negation it is not."""
    nobody: frozenset[str]
    """What begins a phrase that stands for nobody: "niemand", "kein Sprecher"."""
    quoting: frozenset[str]
    """Verbs whose subject gives another's words: "zitierte"."""
    others: frozenset[str]
    """Words that stand for somebody without saying whom: "the latter"."""
    named_only: frozenset[str]
    """Verbs that mean saying only without a subject: "es heißt"."""
    performing: frozenset[str]
    made_into: frozenset[str]
    """Verbs that say nothing behind these words: "für ungültig erklären"."""
    written: frozenset[str]
    """Verbs that mean saying only of something written: "im Bericht steht"."""
    shown_by: frozenset[str]
    """Verbs that take their source with a preposition: "geht aus … hervor"."""
    as_what: frozenset[str]
    """What follows the subject that stands behind a labelling verb: "bezeichnete Müller als"."""
    that_less: frozenset[str]
    """Verbs that content may follow without "that"."""
    noun_case: bool
    """Whether nouns have capital letters."""
    verb_last: bool
    """Whether the verb ends a subordinate clause."""
    within_names: frozenset[str]
    """Small words of a noun phrase that is added between commas: "Eva Roth, Leiterin des Amtes"; none where they are not told apart."""
    ended: re.Pattern[str] | None
    """What ends a sentence though it looks like an abbreviation; in it a quotation is "Q" and private characters."""
    standing_alone: frozenset[str]
    """Determiners that stand for somebody by themselves, where a verb may look like a noun: "Another said"."""
    bare_content: bool
    """Whether what was said may follow a verb without a comma: "He said they would come"."""
    source_starts: frozenset[str] = field(init=False)
    """With what a phrase may begin that names a source, or ends."""

    def __post_init__(self) -> None:
        several = self.sources | self.sources_after
        starts = {words.partition("_")[0] for words in several} | self.source_prepositions | self.references
        object.__setattr__(self, "source_starts", frozenset(starts))


@lru_cache(maxsize=100_000)
def matches(pattern: re.Pattern[str], word: str) -> bool:
    """Whether a whole word is one of a kind, from its beginning; remembered, for texts repeat their words."""
    return pattern.match(word) is not None


def gender_of(words: Iterable[str], grammar: SpeechGrammar) -> Gender:
    for word in words:
        lower = word.rstrip(".").lower()
        if grammar.titles.get(lower):
            return grammar.titles[lower]
        if matches(grammar.female_roles, lower) and matches(grammar.roles, lower):
            return "f"
        if (
            grammar.noun_case
            and matches(grammar.roles, lower)
            and not lower.endswith(("mitglied", "ex", "vize"))
        ):
            return "m"
        if (
            not grammar.noun_case
            and lower.endswith(("man", "king", "brother", "father"))
            and matches(grammar.roles, lower)
        ):
            return "m"
    return ""


def language_words(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


def genders(**texts: str) -> dict[str, Gender]:
    """A table by word from one by gender; ``x`` is any."""
    keys: dict[str, Gender] = {"x": "", "m": "m", "f": "f", "p": "p"}
    return {word: keys[key] for key, text in texts.items() for word in text.split()}


@dataclass(slots=True)
class VerbTable:
    """Forms of verbs, gathered by form."""

    forms: dict[str, list[SpeechVerb]] = field(default_factory=dict)

    def add(
        self,
        lemma: str,
        finite: Iterable[str],
        other: Iterable[str],
        *,
        particle: str = "",
        content: bool = True,
        reports: bool = False,
    ) -> None:
        for is_finite, forms in ((True, finite), (False, other)):
            for form in forms:
                verb = SpeechVerb(
                    lemma=lemma, finite=is_finite, particle=particle, content=content, reports=reports
                )
                entry = self.forms.setdefault(form, [])
                if verb not in entry:
                    entry.append(verb)

    def frozen(self) -> dict[str, tuple[SpeechVerb, ...]]:
        return {form: tuple(verbs) for form, verbs in self.forms.items()}
