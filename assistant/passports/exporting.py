"""Selected quotes, or answers with theirs, as a file in one of six forms."""

from __future__ import annotations

import html
from collections.abc import Sequence

from assistant.passports import references, text_forms
from assistant.passports.making import PassportOffice
from assistant.passports.rich_text import CopiedParagraph, escaped, written
from assistant.passports.types import CarriedAnswer, CitedPlace, ExportedFile, ExportForm
from assistant.passports.word_file import MEDIA_TYPE as WORD_FILE
from assistant.passports.word_file import word_file
from assistant.passports.wording import phrases, say
from ingest.text.showable import showable

# By form, the suffix of its files and their media type.
FORMS: dict[ExportForm, tuple[str, str]] = {
    "md": (".md", "text/markdown; charset=utf-8"),
    "html": (".html", "text/html; charset=utf-8"),
    "docx": (".docx", WORD_FILE),
    "csl": (".json", "application/vnd.citationstyles.csl+json"),
    "ris": (".ris", "application/x-research-info-systems; charset=utf-8"),
    "bib": (".bib", "application/x-bibtex; charset=utf-8"),
}
LANGUAGES = tuple(phrases())


def exported(
    office: PassportOffice,
    form: ExportForm,
    places: Sequence[CitedPlace],
    answers: Sequence[CarriedAnswer] = (),
    title: str = "",
) -> ExportedFile:
    """A file of ``answers`` with all their quotes, or of the quotes at ``places`` where there are none."""
    wanted = list(dict.fromkeys([*places, *_cited(answers)]))
    passports, missing = office.passports(wanted)
    suffix, media_type = FORMS[form]
    name, language = title.strip() or say("exported", office.reader), office.reader
    some = list(passports.values())
    match form:
        case "csl":
            content = references.csl(some).encode("utf-8", "replace")
        case "ris":
            content = references.ris(some).encode()
        case "bib":
            content = references.bibtex(some).encode()
        case _:
            paragraphs = (
                text_forms.answers(answers, passports, language)
                if answers
                else text_forms.quotes(places, passports, language)
            )
            if len(answers) == 1 and answers[0].question == name:
                paragraphs = paragraphs[1:]  # the question is the title
            content = _text(form, name, paragraphs, language)
    return ExportedFile(
        name=f"{_file_name(name)}{suffix}", media_type=media_type, content=content, missing=missing
    )


def _cited(answers: Sequence[CarriedAnswer]) -> list[CitedPlace]:
    return [cited for answer in answers for cited in (*answer.citations, *answer.possible)]


def _text(form: ExportForm, title: str, paragraphs: list[CopiedParagraph], language: str) -> bytes:
    if form == "docx":
        return word_file(title, paragraphs)
    text = written(paragraphs)
    if form == "md":
        return showable(f"# {escaped(title)}\n\n{text.markdown}\n").encode()
    shown = html.escape(showable(title))
    head = f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n<title>{shown}</title>\n'
    return f"{head}<h1>{shown}</h1>\n{text.html}\n</html>\n".encode()


def _file_name(title: str) -> str:
    letters = "".join(letter if letter.isalnum() else " " for letter in title)
    return "-".join(letters.split())[:60] or "quotes"
