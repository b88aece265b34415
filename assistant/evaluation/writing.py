"""Questions written by the configured language model: it names the sentence that answers by its number, so that the gold quote is stored text."""

from __future__ import annotations

import random
import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.context import tokens_of
from assistant.api.schemas.documents import DocumentSchema
from assistant.evaluation.reading import ExpectedAnswer, id_of
from assistant.language.lexicon import language_name
from assistant.llm.prompts import filled, inert
from assistant.llm.reply import collected
from assistant.types import StatusEvent
from ingest.text.sentences import trimmed_sentences

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

_AT_ONCE = 4  # questions about a document
_MOST_SENTENCES = 40
_SHARE = 2  # sentences may fill half of the window
_LONGEST_REPLY = 8_000  # characters
_LONGEST_QUESTION = 400
_LINE = re.compile(r"^\s*\[(\d{1,3})\]\s*\|\s*([a-z]{2,3})\s*\|([^|\n]+)\|?([^|\n]*)$", re.MULTILINE)
_UNSURE = "The model says that the document does not answer this; other documents may."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelQuestions:
    """Has ``model`` write questions about documents, in the document's language and in German and English."""

    model: ChatModel

    def write(self, document: DocumentSchema, text: str, source: str) -> list[ExpectedAnswer]:
        """The questions whose lines are as they were asked for; none where the model fails."""
        sentences = self._sentences(document, text)
        if not sentences:
            return []
        languages = dict.fromkeys(code for code in (document.language, "en", "de") if code)
        prompt = filled(
            "questions",
            documents="\n".join(f"[{number}] {inert(one)}" for number, one in enumerate(sentences, 1)),
            number=str(_AT_ONCE),
            languages=", ".join(f"{code} ({inert(language_name(code))})" for code in languages),
        )
        reply = self.model.reply(filled("questions.system"), prompt)
        written = _value(collected(reply, "answering", _LONGEST_REPLY))
        return list(self._questions(written, sentences, source))

    def _sentences(self, document: DocumentSchema, text: str) -> list[str]:
        """Neighbouring sentences of a document, from a place that chance decides, as many as the model reads."""
        spans = trimmed_sentences(text, document.language)
        dice = random.Random(document.id)  # noqa: S311  # no secret: the same place must come again
        first = dice.randrange(max(1, len(spans) - _MOST_SENTENCES + 1))
        left, chosen = self.model.window // _SHARE, list[str]()
        for span in spans[first : first + _MOST_SENTENCES]:
            left -= tokens_of(text[span.start : span.end]) + 4
            if left < 0:
                break
            chosen.append(text[span.start : span.end])
        return chosen

    def _questions(self, written: str, sentences: list[str], source: str) -> Generator[ExpectedAnswer]:
        for number, language, question, answer in _LINE.findall(written):
            asked = inert(question)
            if not 0 < len(asked) <= _LONGEST_QUESTION or int(number) > len(sentences):
                continue
            answers = int(number) > 0
            short = inert(answer) if answers else ""
            yield ExpectedAnswer(
                id=id_of(asked),
                question=asked,
                gold_quotes=(sentences[int(number) - 1],) if answers else (),
                sources=(source,) if answers else (),
                short_answers=(short,) if short else (),
                answerable=answers,
                language=language,
                made_by=self.model.name,
                note="" if answers else _UNSURE,
            )


def _value(waiting: Generator[StatusEvent, None, str]) -> str:
    """What a generator returns, its events passed over."""
    try:
        while True:
            next(waiting)
    except StopIteration as done:
        return str(done.value)
