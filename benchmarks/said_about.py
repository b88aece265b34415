"""Asked what somebody said about something: is it quoted, and is what was never said refused?

    python -m benchmarks.said_about --data DIR [--questions 120]

The assistant itself makes the questions (`assistant evaluate --make`), in German and English, over German news articles whose
quotations people have marked: half of them of somebody's own words, half of somebody and what only others speak of, which no document has
together. Of the articles in DIR/quotations/train.jsonl those at even places were looked at; the others, and dev.jsonl, were not.
A topic is always one of the article's own words, or the dictionary's for it: people say it in words of their own, too, which
`benchmarks.who_said` asks in.

First: the first quote is of those words. Refused: of the ones that were said / of the others.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import closing
from pathlib import Path

from assistant.client import open_client
from assistant.client.interface import AssistantClient
from assistant.evaluation import making, templates
from assistant.evaluation.asking import QuestionAsker
from assistant.evaluation.making import QuestionMaker
from assistant.evaluation.reading import ExpectedAnswer
from assistant.evaluation.results import EvaluatedQuestion
from assistant.settings import load_settings
from benchmarks.marked_quotations import MarkedArticle, news
from ingest import cli as ingesting

PARTS = {"looked at": ("train", 0), "kept back": ("train", 1), "kept back, others": ("dev", None)}


def articles(data: Path, part: str, rest: int | None) -> list[MarkedArticle]:
    """Those at even or odd places, or all."""
    every = news(data / "quotations" / f"{part}.jsonl")
    return [one for place, one in enumerate(every) if rest is None or place % 2 == rest]


def made(client: AssistantClient, wanted: int) -> list[ExpectedAnswer]:
    """Questions for somebody's words, half of them of what was not said."""
    making.UNANSWERED = 2
    begins = [wording["said"].partition("{name}")[0] for wording in templates.WORDED.values()]
    every = QuestionMaker(client).make(4 * wanted)
    said = [one for one in every if one.question.startswith(tuple(begins))]
    kept = [one for one in said if one.answerable][: wanted // 2]
    return [*kept, *[one for one in said if not one.answerable][: wanted - len(kept)]]


def row(name: str, language: str, asked: list[EvaluatedQuestion]) -> str:
    said = [one for one in asked if one.answerable]
    others = [one for one in asked if not one.answerable]
    first = sum(one.gold_quote == 1 for one in said)
    refused = f"{sum(one.refused for one in said)} / {sum(one.refused for one in others)}"
    return f"| {name} | {language} | {len(said)} / {len(others)} | {first} | {refused} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder with the folder quotations")
    parser.add_argument("--questions", type=int, default=120, help="how many of each half")
    options = parser.parse_args()
    print("| articles | questions in | said / not | first | refused |\n|---|---|---|---|---|")
    for name, (part, rest) in PARTS.items():
        with tempfile.TemporaryDirectory() as folder:
            texts = Path(folder) / "texts"
            texts.mkdir()
            for number, article in enumerate(articles(options.data, part, rest)):
                (texts / f"{number}.md").write_text(f"# {article.name}\n\n{article.text}", encoding="utf-8")
            os.environ["ASSISTANT_DATA_DIR"] = str(Path(folder) / "data")
            ingesting.main([str(texts)])
            with closing(open_client(load_settings(), "benchmarks.said_about")) as client:
                asker = QuestionAsker(client)
                asked = [asker.ask(one) for one in made(client, options.questions)]
        for language in templates.WORDED:
            print(row(name, language, [one for one in asked if one.question_language == language]))


if __name__ == "__main__":
    main()
