"""Passports of places in an index's documents; only what the caller may see."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from assistant.citation_links import place, viewer_link, web_address
from assistant.language.gloss import Gloss, glosses
from assistant.language.lexicon import shipped
from assistant.passports.quoted import QuotedWords, locate
from assistant.passports.types import CitedPlace, Passport
from assistant.speech import told_by
from assistant.types import Attribution
from ingest.store.index import Index
from ingest.types import Record

_MOST_GLOSSED = 60  # words of a quote
_LONGEST_GLOSSED = 3_000  # characters


@dataclass(frozen=True, slots=True)
class PassportOffice:
    """Makes passports from ``index`` of what ``sees`` allows; links are relative to ``base``, glosses in the language ``reader``."""

    index: Index
    sees: Callable[[str], bool]
    base: str
    reader: str = "en"

    def passports(
        self, places: Iterable[CitedPlace]
    ) -> tuple[dict[CitedPlace, Passport], tuple[CitedPlace, ...]]:
        """The passport of each place, and the places that have none: there is no such document, text or stretch of it."""
        wanted = list(dict.fromkeys(places))
        made = {one: self._passport(one) for one in wanted}
        missing = tuple(one for one in wanted if made[one] is None)
        return {one: passport for one, passport in made.items() if passport}, missing

    def _passport(self, cited: CitedPlace) -> Passport | None:
        record = self.index.found(cited.document_id, cited.version)
        if record is None or not self.sees(record.id):
            return None
        present = self.index.texts.version_of(record)
        if cited.version not in ("", present):
            kept = next(
                (one for one in self.index.history.earlier(record.id) if one.version == cited.version), None
            )
            text = self.index.history.text(kept) if kept else ""
            if kept and text:
                return self._made(kept.record, text, (cited.start, cited.end), cited, None)
        text = self.index.texts.of(record)
        span: tuple[int, int] | None = (cited.start, cited.end)
        if cited.version not in ("", present) or (
            cited.quote and text[slice(*span or ())].split() != cited.quote.split()
        ):
            span = locate(text, QuotedWords(beginning=cited.quote), cited.start) if cited.quote else None
        if span is None:
            return None
        return self._made(record, text, span, cited, self._told(record, *span))

    def _told(self, record: Record, start: int, end: int) -> Attribution | None:
        passages = self.index.texts.passages_of(record.id)
        within = (one for one in passages if one.start <= start < one.end)
        return next((told_by(one, start, end) for one in within), None)

    def _made(
        self,
        record: Record,
        text: str,
        span: tuple[int, int],
        cited: CitedPlace,
        said: Attribution | None,
    ) -> Passport | None:
        trimmed = _trimmed(text, *span)
        if trimmed is None:
            return None
        start, end = trimmed
        quote, language = text[start:end], record.language_at(start)
        sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return Passport(
            quote=quote,
            language=language,
            document_id=record.id,
            start=start,
            end=end,
            sha256=sha256,
            title=" ".join(record.title.split()) or place(record),
            source=web_address(record.shown_source) or place(record),
            outlet=place(record) if web_address(record.shown_source) else "",
            authors=record.authors,
            published=record.published,
            retrieved=record.added.date(),
            page=record.page_at(start),
            time=record.time_at(start),
            speaker=said.speaker if said else "",
            kind=said.kind if said else None,
            translation=cited.translation.strip(),
            gloss="" if cited.translation.strip() else _gloss(quote, language, self.reader),
            url=urljoin(self.base, viewer_link(record.id, start, end, sha256[:16], quote)),
        )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without white space around it; None where it makes no sense or has no words."""
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        return None
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _gloss(quote: str, language: str, reader: str) -> str:
    """What the words of a quote mean, one by one; empty where the reader has its language, or the lexicon knows none."""
    if language in ("", reader) or (language, reader) not in shipped().pairs or len(quote) > _LONGEST_GLOSSED:
        return ""
    found = glosses(quote, language, reader, shipped())[:_MOST_GLOSSED]
    return "; ".join(f"{quote[one.start : one.end]} = {_meaning(one)}" for one in found)


def _meaning(gloss: Gloss) -> str:
    return ", ".join(gloss.equivalents[:3]) or " + ".join(
        f"{part.word} ({', '.join(part.equivalents[:2])})" for part in gloss.parts
    )
