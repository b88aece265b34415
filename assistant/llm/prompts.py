"""The prompts of `prompts/`, filled in strictly: a missing or unknown name is an error that names it."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from string import Template

from assistant.errors import AssistantError

# Characters that could end a part of a prompt, forge the number of a sentence, or make a control token of a model.
_LOOKALIKES = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")"})
# Invisible characters hide text from readers, not from models. The two joiners of Indic and Persian spelling stay.
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


class BadPrompt(AssistantError):
    """A prompt's file and its values do not fit; the message names the name and the file."""


@lru_cache(maxsize=32)
def template(name: str) -> str:
    """The text of ``prompts/<name>.md``."""
    return files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8").strip()


def filled(name: str, **values: str) -> str:
    """The prompt ``name`` with its ``$names`` replaced. Raises `BadPrompt`."""
    return render(template(name), f"prompts/{name}.md", **values)


def render(text: str, where: str, **values: str) -> str:
    """``text`` with its ``$names`` replaced, once: a ``$`` within a value means nothing. Raises `BadPrompt`."""
    prompt = Template(text)
    if not prompt.is_valid():
        raise BadPrompt(f"{where} has a $ that begins no name. Write $$ for the sign.")
    names = set(prompt.get_identifiers())
    for name in sorted(names - values.keys()):
        raise BadPrompt(f"{where} has the placeholder ${name}, which nothing fills in.")
    for name in sorted(values.keys() - names):
        raise BadPrompt(f"{where} has no placeholder ${name}.")
    return prompt.substitute(values)


def inert(text: str) -> str:
    """Text of a document or a user on one line, without any delimiter of a prompt or of a model."""
    return " ".join(UNSEEN.sub("", text).translate(_LOOKALIKES).split())
