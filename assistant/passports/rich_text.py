"""Text to be carried away, as paragraphs with links and footnotes, and written as Markdown, as HTML and as plain text.

The HTML is for other programs: it has no classes and needs no style sheet.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.text.showable import showable

# All but citation markers, which no Markdown reads as a link unless an address follows.
_MARKUP = re.compile(r"(?P<marker>\[\d+\](?![(:]))|(?P<markup>[\\`*_\[\]<>|~#$])")
# What begins a list or a heading where it begins a line.
_LINE_START = re.compile(r"^(\d+)([.)])(?=\s)|^([-+=])")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """A piece of a paragraph; with ``href`` a link, and with ``note`` the mark of the footnote of that number, without text."""

    text: str
    href: str = ""
    note: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedParagraph:
    """``kind`` says what it is: a heading, a label in bold, a paragraph, a quotation, or the footnote of a ``number``.

    ``language`` is that of a quotation; empty where it is not known.
    """

    runs: tuple[TextRun, ...]
    kind: Literal["heading", "label", "body", "quote", "note"] = "body"
    number: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedText:
    """The same paragraphs in three forms; ``html`` and ``plain`` go to the clipboard together."""

    markdown: str
    html: str
    plain: str


def written(paragraphs: Sequence[CopiedParagraph]) -> CopiedText:
    return CopiedText(
        markdown="\n\n".join(map(_markdown, paragraphs)),
        html="".join(map(_html, paragraphs)),
        plain="\n\n".join(map(_plain, paragraphs)),
    )


def one_after_another(texts: Sequence[CopiedText]) -> CopiedText:
    """Several texts, none of them empty, as one."""
    return CopiedText(
        markdown="\n\n".join(one.markdown for one in texts),
        html="".join(one.html for one in texts),
        plain="\n\n".join(one.plain for one in texts),
    )


def body(*parts: str | TextRun) -> CopiedParagraph:
    """A paragraph of texts and links, without empty ones."""
    runs = (TextRun(text=part) if isinstance(part, str) else part for part in parts)
    return CopiedParagraph(runs=tuple(run for run in runs if run.text or run.note))


def label(words: str) -> CopiedParagraph:
    return CopiedParagraph(runs=(TextRun(text=words),), kind="label")


def heading(words: str) -> CopiedParagraph:
    return CopiedParagraph(runs=(TextRun(text=words),), kind="heading")


def quotation(text: str, note: int, language: str) -> CopiedParagraph:
    """A quote in a paragraph of its own, with the mark of its footnote."""
    runs = (TextRun(text=text), TextRun(text="", note=note))
    return CopiedParagraph(runs=runs, kind="quote", language=language)


def footnote(number: int, *parts: str | TextRun) -> CopiedParagraph:
    return replace(body(*parts), kind="note", number=number)


def escaped(value: str) -> str:
    """``value`` with its line breaks as spaces, escaped so that Markdown shows it unchanged."""
    return _MARKUP.sub(_escape, re.sub(r"\s+", " ", value))


def _escape(match: re.Match[str]) -> str:
    return match["marker"] or f"\\{match['markup']}"


def _markdown(paragraph: CopiedParagraph) -> str:
    line = "".join(map(_markdown_run, paragraph.runs)).strip()
    match paragraph.kind:
        case "heading":
            return f"## {line}".rstrip()
        case "label":
            return f"**{line}**"
        case "body":
            return _within_line(line)
        case "quote":
            return f"> {_within_line(line)}"
        case "note":
            return f"[^{paragraph.number}]: {line}"


def _within_line(line: str) -> str:
    """The line so that it begins no list."""
    return _LINE_START.sub(r"\1\\\2" if line[:1].isdigit() else r"\\\3", line)


def _markdown_run(run: TextRun) -> str:
    if run.note:
        return f"[^{run.note}]"
    return f"[{escaped(run.text)}](<{run.href}>)" if run.href else escaped(run.text)


def _html(paragraph: CopiedParagraph) -> str:
    runs = "".join(map(_html_run, paragraph.runs))
    match paragraph.kind:
        case "heading":
            return f"<h2>{runs}</h2>"
        case "label":
            return f"<p><strong>{runs}</strong></p>"
        case "body":
            return f"<p>{runs}</p>"
        case "quote":
            language = f' lang="{html.escape(paragraph.language)}"' if paragraph.language else ""
            return f"<blockquote{language}><p>{runs}</p></blockquote>"
        case "note":
            number = paragraph.number
            return f'<p id="note-{number}"><sup><a href="#mark-{number}">{number}</a></sup> {runs}</p>'


def _html_run(run: TextRun) -> str:
    if run.note:
        return f'<sup><a id="mark-{run.note}" href="#note-{run.note}">{run.note}</a></sup>'
    text = html.escape(showable(run.text))
    return f'<a href="{html.escape(run.href)}">{text}</a>' if run.href else text


def _plain(paragraph: CopiedParagraph) -> str:
    """The text in one line, then the addresses of its links, each in a line."""
    number = f"[{paragraph.number}] " if paragraph.kind == "note" else ""
    line = _in_line(number + "".join(f" [{run.note}]" if run.note else run.text for run in paragraph.runs))
    return "\n".join([line, *(run.href for run in paragraph.runs if run.href)])


def _in_line(value: str) -> str:
    return " ".join(value.split())
