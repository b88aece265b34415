"""Does the check of statements flag altered figures, names and negations, and leave true ones alone?

    python -m benchmarks.checking [--data DIR] [--every N] [--seed N] [--show KIND]

True statements are XQuAD's sentences as they are, without a parenthesis, and without their last
clause; in the row across languages a statement is an English sentence and its quote the German one
beside it. Alterations follow general rules that know nothing of the checker: a run of digits gets
one digit changed, a number word becomes another of the same list, a name becomes another
one of the corpus, "not" or "nicht" is put behind the
first auxiliary verb, a negation is taken out. Halves: the share over the first and over the second
half of XQuAD's articles; the checker's rules were chosen on the first. Surroundings are the article's
title and the neighbouring sentences. ``--show`` prints the cases that went wrong, from the first half only.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.checking.check import check
from assistant.language.lexicon import shipped
from benchmarks import corpora
from ingest.text.folding import words

KINDS = (
    "true: the sentence",
    "true: shortened",
    "number changed",
    "number word changed",
    "name swapped",
    "negation added",
    "negation removed",
)
WORDS = {
    "en": words("two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty"),
    "de": words("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig"),
}
ORDINALS = {
    "en": words("second third fourth fifth sixth seventh eighth ninth tenth"),
    "de": words("zweite dritte vierte fünfte sechste siebte achte neunte zehnte"),
}
AUXILIARIES = {
    "en": r"\b(?:is|are|was|were|has|have|had|can|could|will|would|may|might|must|should)\b",
    "de": r"\b(?:ist|sind|war|waren|hat|haben|hatte|hatten|wird|werden|wurde|wurden|kann|können|konnte|konnten|muss|soll)\b",
}
REMOVALS = {
    "en": (
        (r"\b(?:do|does|did) not ", ""),
        (r"\bcannot\b", "can"),
        (r"n['’]t\b", ""),
        (r"\b(?:not|never) ", ""),
        (r"\bno (?=[a-z])", "a "),
        (r"\bwithout\b", "with"),
    ),
    "de": ((r"\b(?:nicht|nie|niemals) ", ""), (r"\bkein(?=e[nrms]?\b|\b)", "ein"), (r"\bohne\b", "mit")),
}
NOT_A_DENIAL = re.compile(r"\b(?:not (?:only|just)|nicht (?:nur|zuletzt)|no longer|no less)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A statement, what it cites, what stands around that, and how the statement was made."""

    kind: str
    statement: str
    quote: str
    surroundings: tuple[str, ...]
    language: str
    article: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    text: str
    surroundings: tuple[str, ...]
    article: int


def sentences(language: str, data: Path) -> list[list[Sentence]]:
    """The sentences of each paragraph."""
    loaded = json.loads((data / "xquad" / "sentences" / f"{language}.json").read_text(encoding="utf-8"))
    found = []
    for number, article in enumerate(loaded["data"]):
        for paragraph in article["paragraphs"]:
            texts = ["", *paragraph["sentences"], ""]
            title = str(article.get("title", "")).replace("_", " ")
            found.append(
                [
                    Sentence(text=text, surroundings=(title, texts[n - 1], texts[n + 1]), article=number)
                    for n, text in enumerate(texts)
                    if text
                ]
            )
    return found


def pairs(data: Path) -> Iterator[tuple[Sentence, Sentence]]:
    """English sentences and the German ones beside them, from paragraphs cut into equally many of similar length."""
    for english, german in zip(sentences("en", data), sentences("de", data), strict=True):
        even = len(english) == len(german) and all(
            0.6 < len(a.text) / len(b.text) < 1.4 for a, b in zip(english, german, strict=True)
        )
        if even:
            yield from zip(english, german, strict=True)


class Corpus:
    """The names to swap: words that English texts write large in mid-sentence and nowhere small.

    German writes all nouns large, so its names are those that the English texts have, too.
    """

    def __init__(self, texts: Sequence[str], english: Sequence[str]) -> None:
        self.small = {word for text in english for word in re.findall(r"\b[a-zäöüß][^\W\d_]*", text)}
        self.large = {word for text in english for word in re.findall(r"(?<=[a-z,] )[A-ZÄÖÜ][^\W\d_]*", text)}
        self.names = sorted({match.group() for text in texts for match in self.spans(text)})

    def spans(self, text: str) -> list[re.Match[str]]:
        """Runs of one to three capitalised words, not at the start, each never written small in the corpus."""
        run = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{2,}(?: [A-ZÄÖÜ][a-zäöüß]{2,}){0,2}(?![\w-])")
        return [match for match in run.finditer(text) if all(map(self._is_name, match.group().split()))]

    def _is_name(self, word: str) -> bool:
        return word in self.large and word.lower() not in self.small


def digit(text: str, dice: random.Random) -> str | None:
    """One digit of one run of digits changed, the first never to zero."""
    runs = [
        match for match in re.finditer(r"\d+(?:[.,]\d+)*", text) if not text[: match.start()].endswith("[")
    ]
    if not runs:
        return None
    run = dice.choice(runs)
    places = [n for n in range(*run.span()) if text[n].isdigit()]
    place = dice.choice(places)
    others = [d for d in "123456789" if d != text[place]]
    return text[:place] + dice.choice(others) + text[place + 1 :]


def number_word(text: str, language: str, dice: random.Random) -> str | None:
    """One number word, or the number that a German ordinal's form has, replaced by another of its list."""
    found = []
    for listed in (WORDS[language], ORDINALS[language]):
        pattern = (
            rf"\b({'|'.join(listed)})(?=[nrsm]?\b)"
            if listed is ORDINALS["de"]
            else rf"\b({'|'.join(listed)})\b"
        )
        found += [(match, listed) for match in re.finditer(pattern, text)]
    if not found:
        return None
    match, listed = dice.choice(found)
    return (
        text[: match.start()] + dice.choice([w for w in listed if w != match.group()]) + text[match.end() :]
    )


def name(text: str, corpus: Corpus, dice: random.Random) -> str | None:
    """One name replaced by another of the corpus that the sentence does not have."""
    spans = corpus.spans(text)
    if not spans:
        return None
    span = dice.choice(spans)
    for other in dice.sample(corpus.names, len(corpus.names)):
        if not any(word in text for word in other.split()):
            return text[: span.start()] + other + text[span.end() :]
    return None


def negated(text: str, language: str, dice: random.Random) -> str | None:
    """ "not" or "nicht" behind the first auxiliary verb that has none yet."""
    match = re.search(AUXILIARIES[language], text)
    if not match or re.match(r"\s+(?:not|nicht|kein\w*|no|never|nie)\b", text[match.end() :]):
        return None
    return text[: match.end()] + {"en": " not", "de": " nicht"}[language] + text[match.end() :]


def affirmed(text: str, language: str, dice: random.Random) -> str | None:
    """One negation taken out."""
    found = [
        (match, change)
        for pattern, change in REMOVALS[language]
        for match in re.finditer(pattern, text)
        if not NOT_A_DENIAL.match(text, match.start())
    ]
    if not found:
        return None
    match, change = dice.choice(found)
    return text[: match.start()] + change + text[match.end() :]


def shortened(text: str) -> Iterator[str]:
    """The sentence without its parenthesis, without its last clause, and its last clause left out at an "and"."""
    without = re.sub(r"\s*\([^()]*\)", "", text)
    if without != text:
        yield without
    for separator in (", ", " and ", " und "):
        head, found, tail = text.rpartition(separator)
        if found and len(head) > 40 and len(tail) > 15:
            yield head.rstrip(",;") + "."


def cases(
    pair: tuple[Sentence, Sentence], language: str, corpus: Corpus, dice: random.Random
) -> Iterator[Case]:
    """All statements made of one sentence over the quote beside it."""
    own, quote = pair
    made = Case(
        kind=KINDS[0],
        statement=own.text,
        quote=quote.text,
        surroundings=quote.surroundings,
        language=language,
        article=own.article,
    )
    yield made
    yield from (replace(made, kind=KINDS[1], statement=text) for text in shortened(own.text))
    alterations: dict[str, Callable[[], str | None]] = {
        KINDS[2]: lambda: digit(own.text, dice),
        KINDS[3]: lambda: number_word(own.text, language, dice),
        KINDS[4]: lambda: name(own.text, corpus, dice),
        KINDS[5]: lambda: negated(own.text, language, dice),
        KINDS[6]: lambda: affirmed(own.text, language, dice),
    }
    for kind, alter in alterations.items():
        altered = alter()
        if altered and altered != own.text:
            yield replace(made, kind=kind, statement=altered)


def collected(options: argparse.Namespace) -> dict[str, list[Case]]:
    """The cases of each row of the table."""
    rows: dict[str, list[Case]] = {}
    listed = {
        language: [sentence for paragraph in sentences(language, options.data) for sentence in paragraph]
        for language in ("de", "en")
    }
    texts = {language: [sentence.text for sentence in found] for language, found in listed.items()}
    sources = (
        ("German over German", "de", [(sentence, sentence) for sentence in listed["de"]]),
        ("English over English", "en", [(sentence, sentence) for sentence in listed["en"]]),
        ("English over German", "en", list(pairs(options.data))),
        ("German over English", "de", [(german, english) for english, german in pairs(options.data)]),
    )
    for title, language, found in sources:
        dice, corpus = random.Random(options.seed), Corpus(texts[language], texts["en"])
        chosen = found[:: options.every]
        rows[title] = [case for pair in chosen for case in cases(pair, language, corpus, dice)]
    return rows


def show(title: str, results: dict[str, list[tuple[Case, str]]], middle: int) -> None:
    for kind in KINDS:
        flagged = [(case.article >= middle, bool(reason)) for case, reason in results[kind]]
        halves = [[flag for second, flag in flagged if second == half] for half in (False, True)]
        shares = " / ".join(f"{100 * sum(half) / max(1, len(half)):.1f} %" for half in halves)
        whole = 100 * sum(flag for _, flag in flagged) / max(1, len(flagged))
        print(f"| {title} | {kind} | {len(flagged)} | {whole:.1f} % | {shares} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--every", type=int, default=1, help="take every Nth sentence (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", default="", help="print what went wrong with this kind, first half only")
    options = parser.parse_args()
    lexicon, began = shipped(), time.process_time()
    rows = collected(options)
    middle = 1 + max(case.article for listed in rows.values() for case in listed) >> 1
    print("| statement over quote | how it was made | tested | flagged | halves |\n|---|---|---|---|---|")
    for title, listed in rows.items():
        results: dict[str, list[tuple[Case, str]]] = defaultdict(list)
        for case in listed:
            verdict = check(
                case.statement, [case.quote], case.surroundings, language=case.language, lexicon=lexicon
            )
            results[case.kind].append((case, verdict.reason if verdict.supported == "no" else ""))
            wrong = bool(results[case.kind][-1][1]) == case.kind.startswith("true")
            if options.show and case.kind.startswith(options.show) and wrong and case.article < middle:
                print(f"# {case.kind}: {case.statement}\n#    {case.quote}\n#    {verdict.reason}")
        show(title, results, middle)
    print(f"# {time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    main()
