"""Is a statement flagged that tells somebody's words as fact, and left alone where it says whose they are?

    python -m benchmarks.told_as_fact --data DIR [--part dev] [--show]

Statements are made from the marked quotations of German news in DIR/quotations (train.jsonl was looked at, dev.jsonl is reported) and of
our own English articles (even numbers looked at, odd ones reported):

- "dropped": the words of a direct or indirect quotation without the frame, "dass"/"that" and quotation marks, verbs in the German
  subjunctive made indicative;
- "kept": the sentence as it is; and, of those dropped, behind "Laut …" / "According to …" and behind "… sagte:" / "… said:", with the speaker as marked;
- "own": sentences without any marked quotation.

Each cites the sentences that it was made from; what is known of these is what ingestion finds, not what is marked. Left out is what makes no
statement: fewer than five words, infinitives ("…, zu zahlen"), clauses that begin with "weil" or the like, and what still says that somebody
says so ("seiner Meinung nach", "soll", a subjunctive that has no indicative in the script).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.checking.told_as_fact import told_as_fact
from assistant.language.lexicon import shipped
from assistant.types import Citation
from benchmarks import corpora
from benchmarks.marked_quotations import MarkedArticle, MarkedQuotation, news, own_articles
from ingest.quotations import find_quotations
from ingest.quotations.german import GERMAN
from ingest.text.folding import tokens
from ingest.text.sentences import trimmed_sentences
from ingest.types import Passage, Record

_LEAST_WORDS = 5
_PAST_SUBJUNCTIVE = re.compile(r"\b[a-z]*(?:ä|ö|ü)[a-zß]+(?:en|e)\b(?=[.,;]|\s+sich\b)")
_MARKS = re.compile(r"[„“”\"»«‚‘’']")
_THAT = re.compile(r"^\W*(?:dass|daß|that|ob|whether)\s+", re.I)
_NO_STATEMENT = re.compile(
    r"^(?:weil|wenn|falls|damit|um|obwohl|because|if|to|as)\b|\b(?:Meinung|Ansicht|Angaben|Worten|laut|zufolge|angeblich\w*|soll|sollen|wollen"
    r"|according|view|allegedly|reportedly)\b|\b(?:\w+zu\w+|zu \w+)en\.$",
    re.I,
)
# Forms of the German subjunctive, and what they are in the indicative.
_INDICATIVE = {
    "sei": "ist", "seien": "sind", "habe": "hat", "werde": "wird", "könne": "kann", "müsse": "muss", "solle": "soll", "wolle": "will",
    "dürfe": "darf", "möge": "mag", "gebe": "gibt", "stehe": "steht", "gehe": "geht", "komme": "kommt", "wisse": "weiß", "lasse": "lässt",
    "hätten": "haben", "hätte": "hat", "wären": "sind", "wäre": "ist", "würden": "werden", "würde": "wird", "könnten": "können",
    "müssten": "müssen", "gäbe": "gibt", "bleibe": "bleibt", "brauche": "braucht", "liege": "liegt", "halte": "hält", "nehme": "nimmt",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCase:
    """A statement, the stretch of its article that it cites, and whether it should be flagged."""

    kind: str
    statement: str
    start: int
    end: int

    @property
    def wrong(self) -> bool:
        return self.kind == "dropped"


def cases(article: MarkedArticle) -> Iterator[FactCase]:
    """What is made of an article."""
    spans = [(span.start, span.end) for span in trimmed_sentences(article.text, article.language)]
    for quotation in article.quotations:
        if quotation.kind != "reported":
            yield from _of_quotation(article, quotation, spans)
    marked = frozenset(at for quotation in article.quotations for at in quotation.letters)
    for start, end in spans:
        text = article.text[start:end]
        if not marked & frozenset(range(start, end)) and len(tokens(text)) > _LEAST_WORDS:
            yield FactCase(kind="own", statement=text, start=start, end=end)


def _of_quotation(
    article: MarkedArticle, quotation: MarkedQuotation, spans: list[tuple[int, int]]
) -> Iterator[FactCase]:
    first, last = min(quotation.letters), max(quotation.letters) + 1
    held = [span for span in spans if span[0] < last and first < span[1]]
    if not held:
        return
    start, end = held[0][0], held[-1][1]
    said = _said(article, quotation, first, last)
    if (
        len(tokens(said)) < _LEAST_WORDS
        or _NO_STATEMENT.search(said)
        or _is_subjunctive(said, article.language)
    ):
        return
    yield FactCase(kind="dropped", statement=said, start=start, end=end)
    frame = frozenset(at for at in range(start, end) if article.text[at].isalnum()) - quotation.letters
    if (
        frame
        and quotation.speaker
        and (quotation.named or quotation.speaker_places & frozenset(range(start, end)))
    ):
        yield FactCase(kind="kept: as written", statement=article.text[start:end], start=start, end=end)
    if quotation.speaker and tokens(quotation.speaker):
        lower = said[0].lower() + said[1:] if article.language == "en" else said
        laut, says = ("Laut", "sagte") if article.language == "de" else ("According to", "said")
        yield FactCase(
            kind="kept: laut", statement=f"{laut} {quotation.speaker}, {lower}", start=start, end=end
        )
        yield FactCase(
            kind="kept: says", statement=f"{quotation.speaker} {says}: {said}", start=start, end=end
        )


def _said(article: MarkedArticle, quotation: MarkedQuotation, first: int, last: int) -> str:
    """The words of a quotation as a sentence of its own."""
    kept = "".join(
        sign if not sign.isalnum() or first + at in quotation.letters else " "
        for at, sign in enumerate(article.text[first:last])
    )
    plain = " ".join(_THAT.sub("", _MARKS.sub("", kept)).split()).strip(" ,;:–-.")
    plain = re.sub(r"(?: ?[,–-] ?){2,}", ", ", plain)
    if article.language == "de":
        plain = re.sub(r"[^\W\d_]+", lambda word: _indicative(word[0]), plain)
    return plain[:1].upper() + plain[1:] + "."


def _indicative(word: str) -> str:
    if word in _INDICATIVE or word not in GERMAN.subjunctive:
        return _INDICATIVE.get(word, word)
    return word[:-1] + ("et" if word[-2] in "td" else "t") if word.endswith("e") else word


def _is_subjunctive(said: str, language: str) -> bool:
    told = GERMAN.subjunctive | GERMAN.conditional if language == "de" else frozenset()
    return not told.isdisjoint(re.findall(r"[^\W\d_]+", said)) or (
        language == "de" and bool(_PAST_SUBJUNCTIVE.search(said))
    )


def cited(article: MarkedArticle, case: FactCase) -> Citation:
    """The citation of a stretch of an article, which is one passage with what ingestion finds in it."""
    record = Record(
        id="article", version="1", source=article.name, title=article.name, published=None, authors=(), language=article.language,
        media_type="text/plain", sha256="", page_starts=(), passages=1, characters=len(article.text), added=datetime.now(UTC),
    )  # fmt: skip
    passage = Passage(
        id="article-1-00000", document_id="article", text=article.text, start=0, end=len(article.text), page=None, heading="",
        quotations=find_quotations(article.text, article.language),
    )  # fmt: skip
    quote = article.text[case.start : case.end]
    return Citation(number=1, quote=quote, start=case.start, end=case.end, passage=passage, document=record)


def measure(name: str, articles: list[MarkedArticle], show: bool) -> None:
    lexicon = shipped()
    tested: dict[str, list[bool]] = {}
    for article in articles:
        for case in cases(article):
            citation = cited(article, case)
            found = told_as_fact(case.statement, "", [citation], article.language, lexicon)
            tested.setdefault(case.kind, []).append(found is not None)
            if show and (found is not None) != case.wrong:
                print(f"# {case.kind}: {case.statement}\n#     {citation.quote!r} -> {found!r}")
    for kind, flags in tested.items():
        print(f"| {name} | {kind} | {len(flags)} | {100 * sum(flags) / len(flags):.1f} % |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--part", default="dev", choices=("train", "dev"))
    parser.add_argument("--show", action="store_true", help="print what went wrong; of train only")
    options = parser.parse_args()
    looked_at = options.part == "train"
    print("| articles | statement | tested | flagged |\n|---|---|---|---|")
    measure(
        "German news", news(options.data / "quotations" / f"{options.part}.jsonl"), options.show and looked_at
    )
    own = [article for number, article in own_articles("en") if (number % 2 == 0) == looked_at]
    measure("our own, English", own, options.show and looked_at)


if __name__ == "__main__":
    main()
