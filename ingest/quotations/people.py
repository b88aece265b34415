"""Who is meant by a speaker as it is written: a surname, a pronoun or a role stands for a person who is named elsewhere in the document.

Names are compared as folded, so that Uschakow and Ushakov are one. Whom a pronoun or a role means is told only where one person fits.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from ingest.quotations.grammar import Gender, SpeechGrammar, gender_of, matches
from ingest.quotations.names import (
    GENITIVE,
    WORD,
    Person,
    added_name,
    ends_like,
    folded,
    head_run,
    meet,
    name_runs,
    name_words,
    same_name,
    without_roles,
)
from ingest.quotations.organisations import is_of_many, organisation
from ingest.quotations.reading import ReadSentence, Token
from ingest.text.folding import fold
from ingest.types import Extent

_SENTENCES_BACK = 3  # how far a pronoun reaches
_APPOSITION = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:,|–)\s*")
_OWNER = re.compile(r"(?:['’]s|s['’])$")
_GENITIVE_NAME = re.compile(r"(?:s|['’]s?)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The persons of a document."""

    text: str
    grammar: SpeechGrammar
    starts: tuple[int, ...]
    """Where its sentences begin."""
    by_surname: dict[str, list[Person]]
    mentions: list[tuple[int, Person]] = field(default_factory=list)
    """Where they are mentioned, in order."""
    proper: frozenset[str] = frozenset()
    """Words with capital letters that stand within a sentence."""
    by_role: dict[str, list[Person]] = field(default_factory=dict)
    """Those of whom a role is said, as far as somebody asked."""

    @classmethod
    def of(cls, text: str, sentences: Sequence[ReadSentence], grammar: SpeechGrammar) -> Cast:
        by_surname: dict[str, list[Person]] = {}
        runs = [(sentence, *run) for sentence in sentences for run in name_runs(sentence.tokens)]
        known = {token.text for sentence in sentences for token in sentence.tokens if token.capital}
        for sentence, first, last in runs:
            if last - first > 1:
                meet(sentence.tokens, first, last, grammar, known, by_surname)
        cast = cls(
            text=text,
            grammar=grammar,
            starts=tuple(sentence.start for sentence in sentences),
            by_surname=by_surname,
            proper=frozenset(
                token.text
                for sentence in (() if grammar.noun_case else sentences)
                for token in sentence.tokens[1:]
                if token.capital
            ),
        )
        for sentence, first, last in runs:
            cast._note(sentence.tokens, first, last)
        cast.mentions.sort(key=itemgetter(0))
        return cast

    def name_of(self, speaker: Extent | None, cue: Extent | None, last: str, unnamed: int = -1) -> str:
        """The name of a speaker; empty where it isn't known.

        ``last`` is the name of who spoke before, ``unnamed`` where somebody spoke whose name isn't known.
        """
        if speaker is None:
            return ""
        written = speaker.of(self.text)
        gender = self.grammar.pronouns.get(written.lower(), self.grammar.objects.get(written.lower()))
        if gender is not None:
            meant = self._by_pronoun(gender, speaker.start, cue, last)
            return "" if self._is_another(meant, unnamed, speaker.start) else meant
        words = [match[0] for match in WORD.finditer(written)]
        if words and words[0].lower() in self.grammar.others:
            return ""
        run = head_run(words, self.grammar)
        owner = run and run[-1] != words[-1] and run[-1][0].isupper() and _OWNER.search(run[-1])
        if not self.grammar.noun_case and owner:
            return ""  # "John Pole's office"
        if self._is_common(run, words, speaker.start):
            return ""  # "Supporters said", "Environmental groups said"
        name, roles = without_roles(run, self.grammar)
        if name and not self.grammar.noun_case and name[-1].islower():
            name, roles = [], [*roles, *name]  # "the chief whip"
        determined = bool(words) and words[0].lower() in self.grammar.determiners | self.grammar.oblique
        owned = (
            len(run) > 1 and matches(self.grammar.roles, run[-1].lower()) and _GENITIVE_NAME.search(run[-2])
        )
        if owned or not (len(name) > 1 or (name and self._persons(name[-1]))):
            named = self._apposition(speaker.end) or self._before(speaker, cue)
            if named:
                return named
        if owned:  # "Putins Berater"
            return self._by_role(run[-1], run[-2:], run, speaker.start)
        runs_on = self.grammar.noun_case and len(name) > 1 and not self._persons(name[-1])
        if runs_on and not determined and len(self._persons(name[0])) == 1:
            return self._persons(name[0])[
                0
            ].name  # "Filzmaier Aufträge": where nouns have capitals, a name runs on
        if name and (len(name) > 1 or roles or not determined or self._persons(name[-1])):
            return self._fullest(name)
        if roles and not name and is_of_many(run, words, self.grammar):
            return organisation(words, determined, self.grammar)  # "the bakers' union"
        if roles and not name:
            return self._by_role(roles[-1], words, run, speaker.start)
        if not determined and self._are_many(words, cue):
            return ""  # "Kritiker sagten"
        return organisation(words, determined, self.grammar)

    def _is_common(self, run: Sequence[str], words: Sequence[str], at: int) -> bool:
        """Whether a word that opens a sentence has its capital letter only from there, where nouns have none."""
        if self.grammar.noun_case or len(run) != 1 or not run[0][0].isupper() or run[0] in self.proper:
            return False
        starts = bisect_left(self.starts, at)
        opens = starts < len(self.starts) and self.starts[starts] == at
        described = run[0] != words[-1] and words[words.index(run[0]) + 1] not in self.grammar.prepositions
        return opens and not self._persons(run[0]) and (run[0].endswith("s") or described)

    def knows(self, name: str) -> bool:
        """Whether a name is a person's whose full name the document gives."""
        words = name_words(name)
        return len(words) > 1 and any(person.name == name for person in self._persons(words[-1]))

    def _mentioned(self, start: int, end: int) -> list[Person]:
        """The persons mentioned in a stretch, each once."""
        first, last = (bisect_left(self.mentions, place, key=itemgetter(0)) for place in (start, end))
        return list({id(person): person for _, person in self.mentions[first:last]}.values())

    def _with_role(self, role: str) -> list[Person]:
        """The persons of whom a role is said."""
        if role not in self.by_role:
            every = (person for persons in self.by_surname.values() for person in persons)
            self.by_role[role] = [
                person for person in every if any(known.endswith(role) for known in person.roles)
            ]
        return self.by_role[role]

    def _by_pronoun(self, gender: Gender, at: int, cue: Extent | None, last: str) -> str:
        if gender in ("", "p") or (gender == "f" and self._is_plural(cue)):
            return ""
        near = self._near(at, gender)
        if len(near) == 1:
            return near[0].name
        spoken = next((person for person in near if person.name == last), None)
        return last if spoken and not self._is_rivalled(spoken, near, at) else ""

    def is_pronoun(self, speaker: Extent) -> bool:
        return speaker.of(self.text).lower() in self.grammar.pronouns

    def _is_another(self, name: str, unnamed: int, at: int) -> bool:
        """Whether a pronoun may mean somebody without a name who spoke just before, and later than the one it would be."""
        if not name or unnamed < self.starts[max(0, bisect_right(self.starts, at) - 2)]:
            return False
        person = next((one for one in self._persons(name_words(name)[-1]) if one.name == name), None)
        return person is None or not _is_within(person.places, unnamed, at)

    def _is_rivalled(self, spoken: Person, near: Sequence[Person], at: int) -> bool:
        """Whether a pronoun at ``at`` may as well mean another than who spoke last, who is mentioned later."""
        latest = spoken.places[bisect_left(spoken.places, at) - 1]
        return any(
            _is_within(other.places, latest + 1, at)
            for other in near
            if other is not spoken and (other.gender or not spoken.gender)
        )

    def _is_plural(self, cue: Extent | None) -> bool:
        """Whether the verb is for several: "sie sagten" are they, not she."""
        return cue is not None and self.grammar.noun_case and cue.of(self.text).endswith("en")

    def _are_many(self, words: Sequence[str], cue: Extent | None) -> bool:
        if self.grammar.noun_case:
            return len(words) == 1 and self._is_plural(cue)
        return words[-1].endswith("s") and sum(word[:1].isupper() for word in words) < 2

    def _near(self, at: int, gender: Gender) -> list[Person]:
        """The persons of a gender, or of one unknown, mentioned in the sentences before a place."""
        sentence = bisect_right(self.starts, at) - 1
        start = self.starts[max(0, sentence - _SENTENCES_BACK + 1)]
        return [person for person in self._mentioned(start, at) if person.gender in ("", gender)]

    def _by_role(self, role: str, words: Sequence[str], run: Sequence[str], at: int) -> str:
        """The last person of whom it is said: "der Minister" after "Außenminister Wang Yi"; nobody if the phrase says whose it is."""
        owned = len(words) == 2 and _GENITIVE_NAME.search(words[0]) is not None  # "Putins Berater"
        definite = owned or words[0].lower() in self.grammar.definite
        if not definite or len(words) > len(run) + 2:
            return ""
        fitting = [
            person
            for person in self._with_role(fold(role))
            if owned or bisect_left(person.places, at)  # "Putins Berater" may open a text
        ]
        if len(fitting) > 1:
            sentence = bisect_right(self.starts, at) - 1
            start = self.starts[max(0, sentence - _SENTENCES_BACK)]
            fitting = [person for person in fitting if _is_within(person.places, start, at)]
        return fitting[0].name if len(fitting) == 1 else ""

    def _apposition(self, end: int) -> str:
        """The name that follows a phrase between commas: "der Leiter der WHO, Klaus Stöhr, …"."""
        comma = _APPOSITION.match(self.text, end)
        words = added_name(self.text, comma.end()) if comma else []
        name, _ = without_roles(words, self.grammar)
        known = name and any(same_name(name, name_words(person.name)) for person in self._persons(name[-1]))
        return self._fullest(name) if len(name) > 1 and known else ""

    def _before(self, speaker: Extent, cue: Extent | None) -> str:
        """The name to which a phrase is added between commas: "Stephen Singer, ein Experte für …, erklärte"."""
        if (
            cue is None
            or cue.start < speaker.end
            or not re.search(r"[,–]", self.text[speaker.end : cue.start])
        ):
            return ""  # "Speaking to Stephen Singer, an expert said"
        before = self.text[max(0, speaker.start - 80) : speaker.start]
        comma = re.search(r"(?:\s*\([^)]*\))?,\s*$", before)
        if comma is None or not any(
            matches(self.grammar.roles, word.lower()) for word in WORD.findall(speaker.of(self.text))[:4]
        ):
            return ""
        words = WORD.findall(before[: comma.start()])[-3:]
        for first in range(len(words) - 1):
            name, _ = without_roles(words[first:], self.grammar)
            if len(name) > 1 and any(
                same_name(name, name_words(person.name)) for person in self._persons(name[-1])
            ):
                return self._fullest(name)
        return ""

    def _persons(self, surname: str) -> list[Person]:
        return self.by_surname.get(folded(surname)) or self.by_surname.get(
            folded(GENITIVE.sub("", surname)), []
        )

    def _fullest(self, name: Sequence[str]) -> str:
        """The full name of whom a name means; itself where two persons have it, or none."""
        persons = self._persons(name[-1])
        if len(name) > 1:
            persons = [
                person
                for person in persons
                if same_name(name, name_words(person.name)) or ends_like(name, person.name)
            ]
        if not persons and len(name) == 1:  # "Ban" for Ban Ki Moon
            persons = self._with_first(name[0])
        if len(persons) == 1:
            return persons[0].name
        return " ".join(name)

    def _with_first(self, name: str) -> list[Person]:
        """The persons whose name begins so."""
        first = folded(name)
        every = (person for persons in self.by_surname.values() for person in persons)
        return [person for person in every if folded(name_words(person.name)[0]) == first]

    def _note(self, tokens: Sequence[Token], first: int, last: int) -> None:
        """Notes where a run of capitals mentions somebody."""
        words = [token.text for token in tokens[first:last]]
        for index in range(len(words) - 1, -1, -1):
            persons = self._persons(words[index])
            if persons:
                known = [
                    person
                    for person in persons
                    if len(words) == 1 or same_name(words[: index + 1], name_words(person.name))
                ]
                for person in known or (persons if len(persons) == 1 else []):
                    person.places.append(tokens[first].start)
                    self.mentions.append((tokens[first].start, person))
                    person.gender = person.gender or gender_of(words, self.grammar)
                return


def _is_within(places: Sequence[int], start: int, end: int) -> bool:
    found = bisect_left(places, start)
    return found < len(places) and places[found] < end
