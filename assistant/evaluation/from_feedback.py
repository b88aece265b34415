"""What readers thought of answers, as questions: praise says which quotes are right, blame which questions to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.evaluation.reading import ExpectedAnswer
from assistant.service.feedback import Judgement

MADE_BY = "feedback"
NO_QUOTES = 'Praised, without quotes: if the documents have no answer, write "answerable": false.'
BLAMED = 'Blamed: write the gold quotes or the short answer, or "answerable": false.'


def questions_of(judgements: Sequence[Judgement]) -> list[ExpectedAnswer]:
    """A question for each judgement, those that praise answers to one question as one with all the quotes.

    A question that was blamed, or praised without quotes, is a draft: it says nothing of what is right.
    """
    praised: dict[str, ExpectedAnswer] = {}
    drafts: list[ExpectedAnswer] = []
    for judgement in judgements:
        words = " ".join(judgement.question.split())
        if not words:
            continue
        if judgement.verdict == "up" and judgement.citations:
            one = praised.setdefault(words.casefold(), _question(judgement, words))
            quotes = [*one.gold_quotes, *(cited.quote for cited in judgement.citations)]
            sources = [*one.sources, *(cited.title or cited.document_id for cited in judgement.citations)]
            praised[words.casefold()] = replace(
                one, gold_quotes=tuple(dict.fromkeys(quotes)), sources=tuple(dict.fromkeys(sources))
            )
        else:
            note = NO_QUOTES if judgement.verdict == "up" else BLAMED
            told = f"{note} {judgement.note}".strip()
            drafts.append(replace(_question(judgement, words), to_complete=True, note=told))
    return [*praised.values(), *drafts]


def _question(judgement: Judgement, words: str) -> ExpectedAnswer:
    return ExpectedAnswer(id=f"feedback-{judgement.id}", question=words, made_by=MADE_BY)
