"""Are quotes that were carried away found again, and is each told that was tampered with?

    python -m benchmarks.passports                   # 500 quotes of the articles of `stories_articles`
    python -m benchmarks.passports --news [--data DIR]   # of 300 German news articles

From the documents, one to eight sentences are drawn 500 times, and exported in each of the six forms: each must stand. Then 100
quotes are tampered with for each form, one thing at one place of the file each: a letter of a word of the quote, wherever the file
has it; the offset of its beginning or its end; a digit of the hash, of the document's id, or of the digest in its link. Each must be told,
and the four others of its file must stand. The articles have copies of each other, in which the same sentences stand elsewhere.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import io
import json
import random
import re
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, quote_plus, urlsplit

from assistant.passports.carried import carried_in
from assistant.passports.exporting import FORMS, exported
from assistant.passports.making import PassportOffice
from assistant.passports.references import TEX
from assistant.passports.rich_text import escaped
from assistant.passports.types import CitedPlace, ExportForm, Passport
from assistant.passports.verifying import QuoteVerifier
from benchmarks.corpora import DATA, news
from benchmarks.stories import PARTS, articles, indexed
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.text.sentences import sentence_spans
from ingest.types import Document, document_id
from tests.support.tiny_model import write_tiny_model

QUOTES, TAMPERED, OTHERS = 500, 100, 4
NEWS = 300
BASE = "http://127.0.0.1:7860/"
KINDS = ("word", "start", "end", "hash", "document", "digest")
_TO_TEX = str.maketrans(TEX)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    documents = _news(options.data) if options.news else _stories()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        embedder = SentenceTransformerEmbedder(str(write_tiny_model(Path(folder))))
        with indexed(documents, embedder) as index:
            places = drawn(documents, chance)
            print(f"{len(documents)} documents, {len(places)} quotes\n")
            print("| form | stand | seconds | tampered told | others stand | by what was tampered with |")
            print("|---|---|---|---|---|---|")
            for form in FORMS:
                print(row(form, index, places, chance))


def _stories() -> list[Document]:
    return [one.document for part in PARTS for one in articles(part)]


def _news(data: Path) -> list[Document]:
    return [
        Document(
            id=document_id(f"news-{number}.txt"),
            source=f"news-{number}.txt",
            title=text[:60],
            text=text,
            published=None,
            authors=(),
            language="de",
            media_type="text/plain",
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
        for number, text in enumerate(news(data)[:NEWS])
    ]


def drawn(documents: Sequence[Document], chance: random.Random) -> list[CitedPlace]:
    """One to eight sentences of a document, `QUOTES` times, none twice."""
    places: dict[CitedPlace, None] = {}
    while len(places) < QUOTES:
        document = chance.choice(documents)
        spans = sentence_spans(document.text, document.language)
        first = chance.randrange(len(spans))
        last = min(first + chance.choice([0, 0, 1, 2, 7]), len(spans) - 1)
        places[CitedPlace(document_id=document.id, start=spans[first].start, end=spans[last].end)] = None
    return list(places)


def row(form: ExportForm, index: Index, places: Sequence[CitedPlace], chance: random.Random) -> str:
    """One line of the table."""
    office = PassportOffice(index, lambda _: True, BASE)
    began = time.perf_counter()
    standing = verdicts(index, exported(office, form, places).content, form).count("stands")
    seconds = time.perf_counter() - began
    told, others, by_kind, missed = 0, 0, Counter[str](), []
    for number in range(TAMPERED):
        kind = KINDS[number % len(KINDS)]
        some = chance.sample(list(places), OTHERS + 1)
        passports, _ = office.passports(some)
        content = exported(office, form, some).content
        victim = passports[some[0]]
        changed = tampered(content, form, victim, kind, chance)
        while changed is None:  # not every link has a digest: short quotes stand in it whole
            kind = chance.choice(KINDS[:-1])
            changed = tampered(content, form, victim, kind, chance)
        found = verdicts(index, changed, form)
        fallen = [verdict for verdict in found if verdict != "stands"]
        told += bool(fallen)
        others += len(found) - max(1, len(fallen))
        by_kind[kind] += 1
        if not fallen:
            missed.append(kind)
    kinds = ", ".join(f"{kind} {number}" for kind, number in by_kind.items())
    lost = f" (missed: {', '.join(missed)})" if missed else ""
    return (
        f"| {form} | {standing} / {len(places)} | {seconds:.1f} | {told} / {TAMPERED}{lost} "
        f"| {others} / {TAMPERED * OTHERS} | {kinds} |"
    )


def verdicts(index: Index, content: bytes, form: ExportForm) -> list[str]:
    verifier = QuoteVerifier(index, lambda _: True, BASE)
    return [one.verdict for one in verifier.verified(carried_in(content, f"x{FORMS[form][0]}"))]


def tampered(
    content: bytes, form: ExportForm, victim: Passport, kind: str, chance: random.Random
) -> bytes | None:
    """The file with one thing changed at one of the places where it has it; None where it has none."""
    if form != "docx":
        changed = _changed(content.decode(), victim, kind, chance)
        return changed.encode() if changed is not None else None
    package = zipfile.ZipFile(io.BytesIO(content))
    parts = {name: package.read(name).decode() for name in package.namelist()}
    names = [name for name in parts if _places(parts[name], victim, kind)]
    if not names:
        return None
    name = chance.choice(names)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as again:
        for part, text in parts.items():
            again.writestr(part, _changed(text, victim, kind, chance) or text if part == name else text)
    return written.getvalue()


def _changed(text: str, victim: Passport, kind: str, chance: random.Random) -> str | None:
    places = _places(text, victim, kind)
    if not places:
        return None
    start, end = chance.choice(places)
    old = text[start:end]
    match kind:
        case "start" | "end":
            new = str(int(old) + chance.choice([-1, 1, 7, 40]))
        case "word":
            at = chance.randrange(len(old))
            new = (
                old[:at] + chance.choice([one for one in "aeinrst" if one != old[at].lower()]) + old[at + 1 :]
            )
        case _:
            at = chance.randrange(len(old))
            new = (
                old[:at]
                + chance.choice([one for one in "0123456789abcdef" if one != old[at]])
                + old[at + 1 :]
            )
    return text[:start] + new + text[end:]


def _places(text: str, victim: Passport, kind: str) -> list[tuple[int, int]]:
    """Where a file has what is to be changed of one quote."""
    match kind:
        case "word":
            return list(_words(text, victim))
        case "hash":
            needles = (victim.sha256, victim.version)
            return [one.span() for needle in needles for one in re.finditer(rf"\b{needle}\b", text)]
        case "document":
            near = _near(text, victim)
            return [
                one.span() for one in re.finditer(rf"\b{victim.document_id}\b", text) if near(one.start())
            ]
        case "digest":
            digest = parse_qs(urlsplit(victim.url).query).get("digest", [""])[0].partition("-")[2]
            return [one.span() for one in re.finditer(digest, text)] if digest else []
        case _:
            wanted = victim.start if kind == "start" else victim.end
            before = r"(?:start=|\"start\": |Offsets: |offsets = \{|characters )" if kind == "start" else ""
            pattern = (
                rf"{before}({wanted})\b"
                if kind == "start"
                else rf"(?:[&;]end=|\"end\": |(?:Offsets: |offsets = \{{){victim.start}-|characters {victim.start}–)({wanted})\b"
            )
            near = _near(text, victim)
            return [one.span(1) for one in re.finditer(pattern, text) if near(one.start())]


def _near(text: str, victim: Passport) -> Callable[[int], bool]:
    """Whether a place of the file is of this quote, and not of another one of the same document."""
    if text.count(victim.document_id) == 0:
        return lambda _: True
    marks = [one.start() for one in re.finditer(r"documents/[0-9a-f]+\?start=\d+(?:&|&amp;)end=\d+", text)]
    own = rf"documents/{victim.document_id}\?start={victim.start}(?:&|&amp;)end={victim.end}\b"
    ours = {one.start() for one in re.finditer(own, text)}
    return lambda at: not marks or min(marks, key=lambda mark: abs(mark - at)) in ours


def _words(text: str, victim: Passport) -> Iterator[tuple[int, int]]:
    """The words of the quote wherever the file has all of it, however it is escaped there."""
    line = " ".join(victim.quote.split())
    written = {
        *(line, escaped(line), html.escape(line), html.escape(line, quote=False), line.translate(_TO_TEX)),
        *(json.dumps(one, ensure_ascii=False)[1:-1] for one in (line, victim.quote)),
        f"quote={quote_plus(line)}#",
    }
    known = set(re.findall(r"[A-Za-zÄÖÜäöüß]{3,}", line))
    for whole in written:
        at = text.find(whole)
        while at >= 0:
            for word in re.finditer(r"(?<![\\&%])[A-Za-zÄÖÜäöüß]{3,}", whole):
                if word[0] in known:
                    yield at + word.start(), at + word.end()
            at = text.find(whole, at + 1)


if __name__ == "__main__":
    main()
