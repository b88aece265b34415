"""Quotes and answers as texts with footnotes: each quote in a paragraph of its own, word for word, its passport in its note. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.language.quotation_marks import quoted
from assistant.passports.rich_text import (
    CopiedParagraph,
    TextRun,
    body,
    footnote,
    heading,
    label,
    quotation,
)
from assistant.passports.types import CarriedAnswer, CarriedStatement, CitedPlace, Passport
from assistant.passports.wording import day_named, say

# The passport of a place; None where its words are no longer to be had.
Passports = Mapping[CitedPlace, Passport]


@dataclass(slots=True)
class _Notes:
    """The footnotes of a text in the order of their marks; one for each mark, for Word has no others."""

    passports: Passports
    language: str
    written: list[CopiedParagraph] = field(default_factory=list)
    first: dict[CitedPlace, int] = field(default_factory=dict)

    def beside_quote(self, cited: CitedPlace) -> int:
        """The number of a new note for a quote that stands above it."""
        return self._add(cited, within=False)

    def with_quote(self, cited: CitedPlace) -> int:
        """The number of a new note that has the quote itself, or says in which other note it is."""
        return self._add(cited, within=True)

    def _add(self, cited: CitedPlace, *, within: bool) -> int:
        number, passport = len(self.written) + 1, self.passports.get(cited)
        earlier = self.first.setdefault(cited, number) if within else number
        if passport is None:
            parts: list[str | TextRun] = [say("missing", self.language)]
        elif earlier != number:
            parts = [say("see_note", self.language, n=earlier)]
        else:
            own = f"{quoted(passport.quote, passport.language)} — " if within else ""
            parts = [own, *_attribution(passport, self.language)]
        self.written.append(footnote(number, *parts))
        return number


def quotes(places: Sequence[CitedPlace], passports: Passports, language: str) -> list[CopiedParagraph]:
    """Each quote with its note; the places that have no passport are left out."""
    notes = _Notes(passports, language)
    return [
        *(part for cited in places if cited in passports for part in _quote(cited, notes, language)),
        *notes.written,
    ]


def answers(given: Sequence[CarriedAnswer], passports: Passports, language: str) -> list[CopiedParagraph]:
    """Each question a heading with its answer below; the notes of all come last."""
    notes = _Notes(passports, language)
    parts = [part for answer in given for part in _answer(answer, notes, language)]
    return [*parts, *notes.written]


def _answer(answer: CarriedAnswer, notes: _Notes, language: str) -> Iterator[CopiedParagraph]:
    yield heading(answer.question)
    if answer.refused:
        yield label(say("no_answer", language))
        yield body(answer.text)
        if answer.possible:
            yield label(say("possible", language))
        for cited in answer.possible:
            yield from _quote(cited, notes, language)
        return
    yield from [body(answer.lead)] if answer.lead else []
    numbered = {cited.number: cited for cited in answer.citations}
    told: set[int] = set()
    for statement in answer.statements:
        told.update(statement.citations)
        yield from _statement(statement, numbered, notes, language)
    for number, cited in numbered.items():
        if number not in told:
            yield from _quote(cited, notes, language)
    yield from (body(line) for line in (answer.more, *answer.lines) if line)


def _statement(
    statement: CarriedStatement, numbered: Mapping[int, CitedPlace], notes: _Notes, language: str
) -> Iterator[CopiedParagraph]:
    """A statement that is a quote stands as one; any other has the quotes in its notes."""
    cited = [numbered[number] for number in statement.citations if number in numbered]
    passport = notes.passports.get(cited[0]) if cited else None
    if passport and passport.quote.split() == statement.text.split():
        yield from _quote(cited[0], notes, language, cited[1:])
        return
    marks = [TextRun(text="", note=notes.with_quote(one)) for one in cited]
    yield body(statement.text, *marks, f" ({statement.doubt})" if statement.doubt else "")


def _quote(
    cited: CitedPlace, notes: _Notes, language: str, more: Sequence[CitedPlace] = ()
) -> Iterator[CopiedParagraph]:
    passport = notes.passports.get(cited)
    number = notes.beside_quote(cited)
    if passport is None:
        yield body(cited.quote, TextRun(text="", note=number))
        return
    paragraph = quotation(passport.quote, number, passport.language)
    marks = (TextRun(text="", note=notes.with_quote(one)) for one in more)
    yield CopiedParagraph(runs=(*paragraph.runs, *marks), kind=paragraph.kind, language=paragraph.language)
    if passport.translation:
        yield body(f"[{passport.translation}]")


def _attribution(passport: Passport, language: str) -> Iterator[str | TextRun]:
    """Authors, title, outlet, day, place, speaker, and what is needed to find the words again; the title leads to them."""
    if passport.authors:
        yield f"{', '.join(passport.authors)}: "
    yield TextRun(text=passport.title, href=passport.url)
    outlet = passport.outlet or passport.source
    if outlet != passport.title:
        yield ", "
        yield TextRun(text=outlet, href=passport.source if passport.outlet else "")
    details = [day_named(passport.published, language)] if passport.published else []
    details += [say("page", language, n=passport.page)] if passport.page else []
    details += [passport.time, said_by(passport, language)]
    details += [
        say("retrieved", language, day=day_named(passport.retrieved, language)),
        say("characters", language, start=passport.start, end=passport.end),
        say("hash", language, sha256=passport.sha256),
    ]
    yield from (f", {detail}" for detail in details if detail)
    yield "."
    if passport.gloss:
        yield f" {say('gloss', language, words=passport.gloss)}."


def said_by(passport: Passport, language: str) -> str:
    """Whose words the quote tells, and how; empty where they are the document's own."""
    return say(f"said_{passport.kind}", language, name=passport.speaker) if passport.kind else ""
