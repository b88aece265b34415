"""A quote as HTML whose words say what they mean in the reader's language; ``static/gloss.js`` shows it at a word.

The words stand in attributes, so that the text of the element, which may be copied, is the quote itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.language.gloss import Gloss, glosses
from assistant.language.lexicon import shipped
from assistant.language.meanings import WordPart
from assistant.web.kit.html import Attribute, Html, element, join, text
from assistant.web.kit.localisation import Words

# Characters of the longest text whose words are looked up: the viewer's address may mark a whole document.
LONGEST = 3_000


def joined(language: str, reader: str) -> bool:
    """Whether the lexicon joins the language of a document to another one of its reader."""
    return language != reader and (language, reader) in shipped().pairs


def quote(tag: str, quoted: str, languages: tuple[str, str], words: Words, **attributes: Attribute) -> Html:
    """An element with the text ``quoted``; ``languages`` are its own and the reader's, either empty if unknown.

    The first of its words that have a gloss can be reached by the Tab key, the others from there by the arrow keys.
    """
    found = glosses(quoted, *languages, shipped()) if joined(*languages) and len(quoted) <= LONGEST else ()
    if not found:
        return element(tag, text(quoted), **attributes)
    classes = " ".join(filter(None, (str(attributes.pop("class_", None) or ""), "glossed")))
    marks = {"class_": classes, "data_reader": languages[1], "data_label": words("word_by_word")}
    return element(tag, join(_pieces(quoted, found)), **attributes, **marks)


def _pieces(quoted: str, found: Sequence[Gloss]) -> Iterator[Html]:
    end = 0
    for number, gloss in enumerate(found):
        yield text(quoted[end : gloss.start])
        word = text(quoted[gloss.start : gloss.end])
        yield element("span", word, data_gloss=_meaning(gloss), tabindex=None if number else 0)
        end = gloss.end
    yield text(quoted[end:])


def _meaning(gloss: Gloss) -> str:
    """A word's equivalents, or each part of a compound with its own."""
    return ", ".join(gloss.equivalents) or " · ".join(map(_part, gloss.parts))


def _part(part: WordPart) -> str:
    return f"{part.word}: {', '.join(part.equivalents)}"
