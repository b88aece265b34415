"""References are read by the parsers that others maintain, and all three forms carry the same."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from datetime import date
from typing import Any

import bibtexparser
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from assistant.passports.references import bibtex, csl, ris
from assistant.passports.types import Passport
from tests.support.stored_texts import HARD_TEXTS

# Letters and signs that the forms escape; what separates words is a space once it is in a reference.
SIGNS = st.sampled_from([*"abcäß日 .,:;-“„’'\"{}\\%&$#_~^<>|[]()@=!?/*"])
TEXTS = st.text(SIGNS, min_size=1, max_size=40).map(lambda text: f"x{' '.join(text.split())}x")
DAYS = st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1)))

# Two commands of LaTeX that the decoder does not know.
CONTEXT = get_default_latex_context_db()
CONTEXT.add_context_category(
    "braces", macros=[MacroTextSpec("textbraceleft", "{"), MacroTextSpec("textbraceright", "}")]
)
DECODER = LatexNodes2Text(latex_context=CONTEXT)


@st.composite
def passports(draw: st.DrawFn) -> Passport:
    web = draw(st.booleans())
    start = draw(st.integers(0, 10**6))
    return Passport(
        quote=draw(TEXTS | st.sampled_from([" ".join(text.split()) for text in HARD_TEXTS.values()])),
        language=draw(st.sampled_from(["de", "en"])),
        document_id=f"{draw(st.integers(0, 2**64 - 1)):016x}",
        start=start,
        end=start + draw(st.integers(1, 900)),
        sha256=f"{draw(st.integers(0, 2**256 - 1)):064x}",
        title=draw(TEXTS),
        source="https://zeitung.example/a?b=1&c=d_e%20f" if web else "a_b.pdf",
        outlet="zeitung.example" if web else "",
        authors=tuple(draw(st.lists(TEXTS, max_size=3))),
        published=draw(DAYS),
        retrieved=draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))),
        page=draw(st.one_of(st.none(), st.integers(1, 900))),
        time="",
        speaker=draw(TEXTS),
        kind="direct",
        translation=draw(st.just("") | TEXTS),
        gloss="",
        url="http://h.example/documents/0123?start=1&end=2&version=ab&quote=%22a_b%22+%25#cited",
    )


def plain(text: str) -> str:
    """The words as any form has them: what no file can hold is left out."""
    return " ".join(
        "".join(sign if sign.isprintable() or sign.isspace() else "\ufffd" for sign in text).split()
    )


def of_csl(item: Mapping[str, Any]) -> dict[str, Any]:
    custom = item["custom"]
    return {
        "title": item["title"],
        "authors": [name["literal"] for name in item.get("author", [])],
        "year": item.get("issued", {"date-parts": [[""]]})["date-parts"][0][0],
        "accessed": "{:04}-{:02}-{:02}".format(*item["accessed"]["date-parts"][0]),
        "page": item.get("page", ""),
        "address": item["URL"],
        "quote": " ".join(custom["quote"].split()),
        "speaker": custom["speaker"],
        "translation": custom.get("translation", ""),
        "note": item["note"],
        "link": custom["url"],
    }


def of_ris(entry: Mapping[str, Any]) -> dict[str, Any]:
    notes = entry["notes"]
    by_name = dict(note.split(": ", 1) for note in notes[1:])
    return {
        "title": entry["title"],
        "authors": entry.get("authors", []),
        "year": int(entry["year"]) if "year" in entry else "",
        "accessed": entry["access_date"].strip("/").replace("/", "-"),
        "page": entry.get("start_page", ""),
        "address": entry["urls"][0],
        "quote": notes[0].split("Quote: ", 1)[1],
        "speaker": by_name["Speaker"],
        "translation": by_name.get("Translation", ""),
        "note": notes[0],
        "link": entry["urls"][-1],
    }


def of_bibtex(fields: Mapping[str, str], raw: Mapping[str, str]) -> dict[str, Any]:
    names = raw["author"].split("} and {") if "author" in raw else []
    return {
        "title": fields["title"],
        "authors": [DECODER.latex_to_text(name) for name in names],
        "year": int(fields["year"]) if "year" in fields else "",
        "accessed": fields["urldate"],
        "page": fields.get("pages", ""),
        "address": raw["url"],
        "quote": fields["quote"],
        "speaker": fields["speaker"],
        "translation": fields.get("translation", ""),
        "note": fields["annote"],
        "link": raw["link"],
    }


@settings(max_examples=25)
@given(st.lists(passports(), min_size=1, max_size=3))
def test_maintained_parsers_read_the_same_from_all_three(some: list[Passport]) -> None:
    items = json.loads(csl(some))
    entries = rispy.loads(ris(some))
    parsed = bibtexparser.parse_string(
        bibtex(some), append_middleware=[LatexDecodingMiddleware(decoder=DECODER)]
    )
    raw = bibtexparser.parse_string(bibtex(some))
    assert not parsed.failed_blocks
    assert len(items) == len(entries) == len(parsed.entries) == len(some)
    assert len({item["id"] for item in items}) == len(some) or len({*some}) < len(some)
    for passport, item, entry, known, plainly in zip(
        some, items, entries, parsed.entries, raw.entries, strict=True
    ):
        expected = {name: _normal(value) for name, value in of_csl(item).items()}
        assert expected["quote"] == _normal(passport.quote)
        assert item["id"] == entry["id"] == known.key
        for found in (
            of_ris(entry),
            of_bibtex(
                {field.key: field.value for field in known.fields},
                {field.key: field.value for field in plainly.fields},
            ),
        ):
            assert {name: _normal(value) for name, value in found.items()} == expected


def _normal(value: Any) -> Any:
    """What TeX calls a circumflex is to that parser one of another height."""
    if isinstance(value, list):
        return [_normal(one) for one in value]
    if not isinstance(value, str):
        return value
    return plain(value).replace("\u02c6", "^")


@settings(max_examples=10)
@given(passports())
def test_a_processor_of_styles_makes_a_bibliography_of_it(passport: Passport) -> None:
    items = json.loads(csl([passport]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it passes over what no style has a place for
        source = CiteProcJSON(items)
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Citation([CitationItem(items[0]["id"])]))
        (written,) = bibliography.bibliography()
    assert plain(passport.title)[:3] in str(written)
