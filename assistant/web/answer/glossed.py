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


def quote(
    tag: str,
    quoted: str,
    languages: tuple[str, str],
    words: Words,
    marked: tuple[int, int] | None = None,
    **attributes: Attribute,
) -> Html:
    """An element with the text ``quoted``; ``languages`` are its own and the reader's, either empty if unknown.

    What stands from the first to the second offset of ``marked`` is marked.
    The first of its words that have a gloss can be reached by the Tab key, the others from there by the arrow keys.
    """
    found = glosses(quoted, *languages, shipped()) if joined(*languages) and len(quoted) <= LONGEST else ()
    if not found:
        return element(tag, _marked(quoted, (), marked), **attributes)
    classes = " ".join(filter(None, (str(attributes.pop("class_", None) or ""), "glossed")))
    marks = {"class_": classes, "data_reader": languages[1], "data_label": words("word_by_word")}
    return element(tag, _marked(quoted, found, marked), **attributes, **marks)


def _marked(quoted: str, found: Sequence[Gloss], marked: tuple[int, int] | None) -> Html:
    """The text with its glosses; a gloss that a mark would cut is left out."""
    start, end = marked or (0, 0)
    if not 0 <= start < end <= len(quoted):
        return join(_pieces(quoted, found, 0, len(quoted)))
    stretches = [(0, start), (start, end), (end, len(quoted))]
    before, inside, after = (join(_pieces(quoted, found, *stretch)) for stretch in stretches)
    return join([before, element("mark", inside), after])


def _pieces(quoted: str, found: Sequence[Gloss], start: int, end: int) -> Iterator[Html]:
    at = start
    for number, gloss in enumerate(found):
        if start <= gloss.start and gloss.end <= end:
            yield text(quoted[at : gloss.start])
            word = text(quoted[gloss.start : gloss.end])
            yield element("span", word, data_gloss=_meaning(gloss), tabindex=None if number else 0)
            at = gloss.end
    yield text(quoted[at:end])


def _meaning(gloss: Gloss) -> str:
    """A word's equivalents, or each part of a compound with its own."""
    return ", ".join(gloss.equivalents) or " · ".join(map(_part, gloss.parts))


def _part(part: WordPart) -> str:
    return f"{part.word}: {', '.join(part.equivalents)}"
