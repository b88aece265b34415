"""How does the time to make a follow-up question standalone grow with the length of the conversation before it?

    python -m benchmarks.history [--words 500 1000 2000 4000 8000] [--runs 3]

No language model and no index: only the rewriting step, over one earlier turn whose question asks "who" and has so many
words, as has its answer; every third word is a name that occurs once. The follow-up has seven words, or as many as a
question may have. The last column takes only the part of the conversation that the assistant considers. Processor time,
the shortest of the runs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from itertools import product

from assistant.asked_text import LONGEST_QUESTION
from assistant.language.lexicon import shipped
from assistant.retrieval.query import Query, understand
from assistant.retrieval.rewriting import considered, standalone
from assistant.types import Turn

SHORT = "And what did he say about Europe?"
SYLLABLES = ("ba", "do", "ki", "lu", "me", "no", "pa", "ri", "su", "te", "vo", "wa")


def names(count: int) -> list[str]:
    """Different names that no lexicon has."""
    made = ("".join(parts).capitalize() for parts in product(SYLLABLES, repeat=4))
    return [name for name, _ in zip(made, range(count), strict=False)]


def conversation(words: int) -> list[Turn]:
    """One turn of about so many words in the question and in the answer."""
    text = " ".join(f"minister {name} spoke" for name in names(words // 3))
    return [Turn(question=f"Who spoke of {text}?", answer=f"{text}.")]


def longest_question() -> str:
    """A follow-up of as many characters as a question may have."""
    return f"{SHORT} {' '.join(names(LONGEST_QUESTION))}"[:LONGEST_QUESTION]


def milliseconds(question: str, history: Sequence[Turn], runs: int) -> float:
    """Processor time of the step."""
    return min(_timed(question, history) for _ in range(runs))


def _timed(question: str, history: Sequence[Turn]) -> float:
    began = time.process_time()
    standalone(question, history, _understood)
    return (time.process_time() - began) * 1000


def _understood(text: str) -> Query:
    return understand(text, ("de", "en"), shipped())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--words", type=int, nargs="+", default=[500, 1_000, 2_000, 4_000, 8_000])
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    milliseconds(SHORT, conversation(chosen.words[0]), 1)  # loads the lexicon and the languages
    print("| words before | short question, ms | per 1,000 words | longest question, ms | considered, ms |")
    print("|---|---|---|---|---|")
    for words in chosen.words:
        history = conversation(words)
        short = milliseconds(SHORT, history, chosen.runs)
        longest = milliseconds(longest_question(), history, chosen.runs)
        part = milliseconds(longest_question(), considered(history * 3), chosen.runs)
        row = f"| {words:,} | {short:,.0f} | {short * 1000 / words:,.0f} | {longest:,.0f} | {part:,.0f} |"
        print(row, flush=True)


if __name__ == "__main__":
    main()
