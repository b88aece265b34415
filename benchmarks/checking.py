"""Does the check of statements flag altered figures, names, negations and events, and leave true ones alone?

    python -m benchmarks.checking [--data DIR] [--every N] [--seed N] [--without-model] [--show KIND]

True statements are XQuAD's sentences as they are, without a parenthesis, and without their last
clause; in the row across languages a statement is an English sentence and its quote the German one
beside it. Alterations follow general rules that know nothing of the checker: a run of digits gets
one digit changed, a number word becomes another of the same list, a name becomes another
one of the corpus, "not" or "nicht" is put behind the
first auxiliary verb, a negation is taken out, a participle or a predicate is exchanged (`benchmarks.exchanges`, which has those written by
hand, too). Halves: the share over the first and over the second
half of XQuAD's articles, or of those written by hand; the checker's rules were chosen on the first. Surroundings are the article's
title and the neighbouring sentences. Flagged: not supported, or what happened is not found; in brackets those not supported.
``--show`` prints the cases that went wrong, from the first half only.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

from assistant.answering.word_vectors import WordEmbeddings
from assistant.checking.check import CheckResult, check
from assistant.language.lexicon import shipped
from benchmarks import corpora
from benchmarks.statements import KINDS, CheckCase, collected
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.privacy import quiet

Results = list[tuple[CheckCase, CheckResult]]


def flagged(result: CheckResult) -> bool:
    return result.supported == "no" or result.events == "not found"


def show(title: str, results: dict[str, Results]) -> None:
    for kind in KINDS:
        halves = [
            _share([flagged(result) for case, result in results[kind] if case.second == half])
            for half in (False, True)
        ]
        whole = _share([flagged(result) for _, result in results[kind]])
        refused = _share([result.supported == "no" for _, result in results[kind]])
        print(f"| {title} | {kind} | {len(results[kind])} | {whole} ({refused}) | {' / '.join(halves)} |")


def _share(flags: list[bool]) -> str:
    return f"{100 * sum(flags) / max(1, len(flags)):.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--every", type=int, default=1, help="take every Nth sentence (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-model", action="store_true", help="what happened is told by words alone")
    parser.add_argument("--show", default="", help="print what went wrong with this kind, first half only")
    options = parser.parse_args()
    quiet()
    lexicon = shipped()
    vectors = None if options.without_model else WordEmbeddings(SentenceTransformerEmbedder())
    rows, began = collected(options.data, options.every, options.seed), time.process_time()
    print("| statement over quote | how it was made | tested | flagged | halves |\n|---|---|---|---|---|")
    for title, listed in rows.items():
        results: dict[str, Results] = defaultdict(list)
        for case in listed:
            verdict = check(
                case.statement,
                [case.quote],
                case.surroundings,
                language=case.language,
                lexicon=lexicon,
                word_vectors=vectors,
            )
            results[case.kind].append((case, verdict))
            wrong = flagged(verdict) == case.kind.startswith("true")
            if options.show and case.kind.startswith(options.show) and wrong and not case.second:
                print(f"# {case.kind}: {case.statement}\n#    {case.quote}\n#    {verdict.reason}")
        show(title, results)
    print(f"# {time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    main()
