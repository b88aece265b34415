"""Is a part of a document in another language told, and is nothing else taken for such?

    python -m benchmarks.languages [--data DIR] [--show]

Each of XQuAD's paragraphs is put between four of another language, in all pairs of five languages: whole, its first two sentences as
a paragraph, and these two at the end of a paragraph of the document, where the passage is mixed and stays in the document's language.
What is in one language alone, where every passage with another one is a fault or a quotation, is listed by --show: the German news, the
English articles, and XQuAD's. The rule was made with the first half of the paragraphs and of the news in view; the figures are of each half.
The milliseconds are those of telling languages, a passage; `ingestion` tells what a passage takes in all. No model is needed.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from pathlib import Path

from benchmarks import corpora
from ingest.text import chunking
from ingest.text.languages import foreign_stretches, other_language, told_by
from ingest.text.sentences import sentence_spans
from ingest.types import Document, Passage

LANGUAGES = ("de", "en", "es", "ru", "tr")
WINDOW = 256  # tokens, by a rough count
Part = tuple[str, str, str]  # what stands before it, the part in another language, what stands after it


def tokens(texts: Sequence[str]) -> list[int]:
    """About as many as the bundled model counts."""
    return [len(text) // 4 + 2 for text in texts]


def passages_of(text: str, language: str) -> list[Passage]:
    document = Document(
        id="d", source="", title="", text=text, published=None, authors=(), language=language,
        media_type="text/plain", sha256="0" * 64,
    )  # fmt: skip
    return chunking.split(document, tokens, WINDOW)


def whole(host: Sequence[str], guest: str, language: str) -> Part:
    return "\n\n".join(host[:2]), f"\n\n{guest}\n\n", "\n\n".join(host[2:])


def two_sentences(host: Sequence[str], guest: str, language: str) -> Part:
    return whole(host, _beginning(guest, language), language)


def within_a_paragraph(host: Sequence[str], guest: str, language: str) -> Part:
    before, part, after = two_sentences(host, guest, language)
    return before, f" {part.strip()} ", after


def _beginning(text: str, language: str) -> str:
    return text[: sentence_spans(text, language)[:2][-1].end].strip()


def inserted(
    make: Callable[[Sequence[str], str, str], Part], texts: dict[str, list[str]], places: Sequence[int]
) -> Counter[str]:
    """What is said of the parts, and of the passages of the documents that they stand in."""
    said: Counter[str] = Counter()
    for host, guest in permutations(texts, 2):
        for place in places:
            around = [texts[host][places[(place + step) % len(places)]] for step in range(7, 11)]
            before, part, after = make(around, texts[guest][place], guest)
            start = len(before + part) - len(part.lstrip())
            end = start + len(part.strip())
            for passage in passages_of(before + part + after, host):
                inside = passage.start < end and start < passage.end
                own = passage.language or host
                if inside and own in (host, guest):
                    said["told" if own == guest else "document's"] += 1
                elif own != host:
                    said["wrong"] += 1
    return said


def pure(texts: Sequence[str], language: str) -> tuple[int, list[tuple[str, str]]]:
    """The number of passages, and those that are said to be in another language."""
    passages = [passage for text in texts for passage in passages_of(text, language)]
    return len(passages), [(passage.language, passage.text) for passage in passages if passage.language]


def milliseconds(texts: Sequence[str], language: str) -> float:
    """What telling languages takes, a passage."""
    passages = [(text, passages_of(text, language)) for text in texts]
    told_by.cache_clear()
    began = time.process_time()
    for text, own in passages:
        foreign_stretches(text, language)
        for passage in own:
            other_language(passage.text, language)
    return 1_000 * (time.process_time() - began) / sum(len(own) for _, own in passages)


def documents(data: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Texts in one language each: what they are, their language, and the texts."""
    news = corpora.news(data)
    yield "German news, first half", "de", news[: len(news) // 2]
    yield "German news, second half", "de", news[len(news) // 2 :]
    yield "English articles", "en", corpora.english(data)
    for language in LANGUAGES:
        paragraphs = corpora.paragraphs(language, data)
        fives = ["\n\n".join(paragraphs[at : at + 5]) for at in range(0, len(paragraphs), 5)]
        yield f"XQuAD, {language}", language, fives


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--show", action="store_true", help="list what is taken for another language")
    options = parser.parse_args()
    texts = {language: corpora.paragraphs(language, options.data) for language in LANGUAGES}
    half = len(texts["de"]) // 2
    print(
        "| part in another language | half | passages | told | the document's | wrong |\n|---|---|---|---|---|---|"
    )
    for make in (whole, two_sentences, within_a_paragraph):
        for name, places in (("first", range(half)), ("second", range(half))):
            chosen = {code: own[:half] if name == "first" else own[half:] for code, own in texts.items()}
            said = inserted(make, chosen, places)
            total = said["told"] + said["document's"]
            shares = (f"{said[what] / total:.4f}" for what in ("told", "document's"))
            print(
                f"| {make.__name__.replace('_', ' ')} | {name} | {total} | {' | '.join(shares)} | {said['wrong']} |"
            )
    print("\n| documents in one language | passages | with another | ms a passage |\n|---|---|---|---|")
    for name, language, pieces in documents(options.data):
        count, others = pure(pieces, language)
        print(f"| {name} | {count} | {len(others)} | {milliseconds(pieces, language):.2f} |")
        for code, text in others if options.show else ():
            print(f"    {code}: {' '.join(text.split())[:160]}")


if __name__ == "__main__":
    main()
