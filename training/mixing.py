"""What the reader is shown, in which shares, and how the examples are varied."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.examples import Example, omosqa, own_texts, squad2, xquad_pairs

# XQuAD's second half is never shown; the last articles of the first are kept back while training.
SHOWN, KEPT_BACK = range(20), range(20, 24)
# How often an example of each kind is shown for one of SQuAD 2.0.
OWN, ADVICE, PAIRS = 3.0, 1.5, 0.3
# How often an example is varied, in each way.
CASUAL, UNTITLED, EXCHANGED, POLITE, CARRIED = 0.12, 0.3, 0.1, 0.06, 0.05
_WORD = re.compile(r"(?<=[\w,] )[^\W\d_][\w-]{2,}|\b\d[\d.,]*\d\b|\b\d\b")
# What people put around a question, and what doesn't change what is asked.
BEFORE = (
    "Hallo! ",
    "Hi, ",
    "Bitte: ",
    "Kurze Frage: ",
    "Quick question: ",
    "Laut den Artikeln: ",
    "According to the articles: ",
)
AFTER = (" Danke!", " Thanks!", " Bitte kurz antworten.", " Please be brief.", " Vielen Dank im Voraus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """The examples to learn from, in the order in which they are shown, and those kept back, by kind.

    ``everything`` are all examples of the kinds that can be asked over all their texts.
    """

    shown: list[Example]
    kept_back: dict[str, list[Example]]
    everything: dict[str, list[Example]]


def mixture(data: Path, number: int, seed: int) -> Mixture:
    """``number`` examples, drawn by the shares of their kinds."""
    chance = random.Random(seed)
    # The pages of advice say the same in two languages, and again and again: over all of them nobody has marked what answers.
    everything = {"texts": own_texts(), "squad2": squad2(data)}
    own_shown, own_kept = _parted(everything["texts"], chance)
    advice_shown, advice_kept = _parted(omosqa(data), chance)
    squad_shown, squad_kept = _parted(everything["squad2"], chance)
    kinds = [
        (own_shown, OWN),
        (advice_shown, ADVICE),
        (squad_shown, 1.0),
        (xquad_pairs(data, SHOWN, chance), PAIRS),
    ]
    total = sum(len(examples) * share for examples, share in kinds)
    shown = [
        varied(example, chance, examples)
        for examples, share in kinds
        for example in _drawn(examples, round(number * len(examples) * share / total), chance)
    ]
    chance.shuffle(shown)
    pairs = xquad_pairs(data, KEPT_BACK, random.Random(seed))
    kept = {
        "texts": own_kept,
        "advice": advice_kept,
        "squad2": _some(squad_kept, 300, chance),
        "xquad": _some(pairs, 500, chance),
    }
    return Mixture(shown=shown, kept_back=kept, everything=everything)


def varied(example: Example, chance: random.Random, others: Sequence[Example]) -> Example:
    """Now and then without its title, worded casually or politely, or with names or numbers of other questions."""
    if chance.random() < UNTITLED:
        example = replace(example, title="")
    if example.answers and chance.random() < EXCHANGED:
        example = _exchanged(example, chance, others)
    elif chance.random() < CARRIED:
        example = _carrying(example, chance, others)
    if chance.random() < CASUAL:
        example = replace(example, question=example.question.lower().rstrip("? ."))
    elif chance.random() < POLITE:
        before, after = chance.choice((*BEFORE, "")), chance.choice((*AFTER, ""))
        example = replace(example, question=f"{before}{example.question}{after}")
    return example


def _exchanged(example: Example, chance: random.Random, others: Sequence[Example]) -> Example:
    """The question with a name or a number that the text doesn't have: then nothing answers it."""
    own = [match for match in _names(example.question) if match.group() in example.text]
    if not own:
        return example
    place = chance.choice(own)
    digit = place.group()[0].isdigit()
    for _ in range(20):
        other = [match.group() for match in _names(chance.choice(others).question)]
        fitting = [word for word in other if word[0].isdigit() == digit and word not in example.text]
        if fitting:
            question = (
                example.question[: place.start()] + chance.choice(fitting) + example.question[place.end() :]
            )
            return replace(example, question=question, answers=frozenset())
    return example


def _carrying(example: Example, chance: random.Random, others: Sequence[Example]) -> Example:
    """The question as one that follows another about the same text: with names of that one, which change nothing."""
    text = [other.question for other in others if other.text == example.text and other != example]
    if not text:
        return example
    words = dict.fromkeys(
        match.group() for match in _names(chance.choice(text)) if not match.group().isdigit()
    )
    carried = [word for word in words if word not in example.question]
    return replace(example, question=f"{example.question} ({', '.join(carried)})") if carried else example


def _names(question: str) -> list[re.Match[str]]:
    """The numbers of a question, and its words that begin with a capital letter, other than its first one."""
    return [
        match
        for match in _WORD.finditer(question)
        if match.group()[0].isdigit() or match.group()[0].isupper()
    ]


def _parted(examples: Sequence[Example], chance: random.Random) -> tuple[list[Example], list[Example]]:
    """Nine tenths to learn from, one kept back: whole groups."""
    groups = sorted({example.group for example in examples})
    chance.shuffle(groups)
    kept = set(groups[: len(groups) // 10])
    return (
        [example for example in examples if example.group not in kept],
        [example for example in examples if example.group in kept],
    )


def _drawn(examples: Sequence[Example], number: int, chance: random.Random) -> list[Example]:
    """So many examples; none a second time before all have been drawn."""
    drawn: list[Example] = []
    while examples and len(drawn) < number:
        drawn += chance.sample(list(examples), min(len(examples), number - len(drawn)))
    return drawn


def _some(examples: Sequence[Example], number: int, chance: random.Random) -> list[Example]:
    return chance.sample(list(examples), min(number, len(examples)))
