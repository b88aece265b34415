"""The quotes in files of records: JSON, RIS and BibTeX, as they were exported here or kept by a reference manager. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.errors import BadQuestion
from assistant.passports.identity import CarriedIdentity, carried_quote, in_address, in_note
from assistant.passports.metadata import of_csl, of_fields
from assistant.passports.references import TEX
from assistant.passports.types import CarriedQuote

_DEEPEST = 40
_LONGEST_NAME = 80
_TAG = re.compile(r"^([A-Z][A-Z0-9])  ?- ?(.*)$")
_ENTRY = re.compile(r"@\s*(\w+)\s*[{(]\s*([^\s,{}()\"]*)\s*,")
_FIELD = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]*)\s*=\s*")
_NO_ENTRIES = ("comment", "preamble", "string")
_COMMAND = re.compile(r"\{\\text(\w+)\}|\\text([a-z]+)(?:\{\})?|\\([&%$#_{}])|[{}]")
_SIGN = {value.strip("{}").removeprefix("\\text"): sign for sign, value in TEX.items() if "text" in value}


# -- JSON ----------------------------------------------------------------------------------------


def read_json(text: str) -> list[CarriedQuote]:
    """Every object with a quote and a place, wherever it is: of CSL, of an answer of the API, of a conversation.

    Raises `BadQuestion` for what is no JSON; one value a line is well, too.
    """
    try:
        return list(_in_json(_values(text)))
    except RecursionError as error:
        raise BadQuestion("This JSON is nested too deeply to be read.") from error


def _values(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as first:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise BadQuestion(f"This is no JSON that can be read: {first}.") from first


def _in_json(value: Any, depth: int = 0, name: str = "") -> Iterator[CarriedQuote]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _in_json(one, depth + 1, name)
    elif isinstance(value, dict):
        custom = value.get("custom")
        whole = {**value, **custom} if isinstance(custom, dict) else value
        label = str(whole.get("id") or whole.get("number") or name)[:_LONGEST_NAME]
        found = _of_object(whole, label)
        if found:
            yield found
        for key, inner in value.items():
            if not (found and key == "custom"):
                yield from _in_json(inner, depth + 1, label)


def _of_object(value: Mapping[str, Any], label: str) -> CarriedQuote | None:
    quote, start, end = (value.get(name) for name in ("quote", "start", "end"))
    own = None
    if isinstance(quote, str) and quote.strip() and isinstance(value.get("document_id"), str):
        own = CarriedIdentity(
            document_id=str(value["document_id"]),
            start=start if _is_offset(start) else None,
            end=end if _is_offset(end) else None,
            version=str(value.get("version") or ""),
            sha256=str(value.get("sha256") or ""),
            quote=quote,
        )
    noted = in_note(_unmarked(str(value.get("note") or "")))
    if own is None and noted is None:
        return None
    words = tuple(one.quote for one in (own, noted) if one)[:1]
    linked = (in_address(str(value.get(name) or "")) for name in ("url", "URL"))
    return carried_quote(label, words, (own, noted, *linked), metadata=of_csl(value))


def _is_offset(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**11


# -- RIS -----------------------------------------------------------------------------------------


def is_ris(text: str) -> bool:
    return bool(re.search(r"^TY  ?- ", text, re.M))


def read_ris(text: str) -> list[CarriedQuote]:
    """One for each record that has a note or a link of ours."""
    found: list[CarriedQuote] = []
    record, last = dict[str, list[list[str]]](), ""  # the lines of each field, by its tag
    for line in [*re.split(r"\r\n|\r|\n", text), "ER  - "]:
        if tagged := _TAG.match(line):
            last = tagged[1]
            if last in ("TY", "ER"):
                fields = {tag: [" ".join(lines) for lines in values] for tag, values in record.items()}
                found += _of_fields(fields, "ID", "N1", "UR")
                record = {}
            record.setdefault(last, []).append([tagged[2]])
        elif last and line.strip():
            record[last][-1].append(line.strip())
    return found


# -- BibTeX --------------------------------------------------------------------------------------


def is_bibtex(text: str) -> bool:
    return bool(re.search(r"^\s*@\s*\w+\s*[{(]\s*[^\s,]*\s*,", text, re.M))


def read_bibtex(text: str) -> list[CarriedQuote]:
    """One for each entry that has our fields, a note or a link of ours."""
    return [one for entry in _entries(text) for one in _of_fields(entry, "key", "annote", "link")]


def _entries(text: str) -> Iterator[dict[str, list[str]]]:
    at = 0
    while entry := _ENTRY.search(text, at):
        fields = {"key": [entry[2]]}
        at = entry.end()
        while field := _FIELD.match(text, at):
            value, at = _value(text, field.end())
            name = field[1].lower()
            fields.setdefault(name, []).append(value if name in ("url", "link") else _plain(value))
        if entry[1].lower() not in _NO_ENTRIES:
            notes, links = (
                [*fields.get(first, []), *fields.get(second, [])]
                for first, second in (("annote", "note"), ("link", "url"))
            )
            yield {**fields, "annote": notes, "link": links}


def _value(text: str, at: int) -> tuple[str, int]:
    """A field's value that begins there, and where it ends: in braces, in quotation marks, or bare."""
    if text[at : at + 1] not in ("{", '"'):
        bare = re.compile(r"[^,{}\"\s]*").match(text, at)
        return (bare[0], bare.end()) if bare else ("", at)
    quoted, depth, begin = text[at] == '"', 0, at
    for sign in re.compile(r'[{}"]').finditer(text, at + 1 if quoted else at):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if depth <= 0 and (sign[0] == '"') == quoted:
            return text[begin + 1 : sign.start()], sign.end()
    return text[begin + 1 :], len(text)


def _plain(value: str) -> str:
    """What TeX would set, of the commands that are written here and of such as others write for the same signs."""
    return _COMMAND.sub(_sign, value)


def _sign(command: re.Match[str]) -> str:
    name = command[1] or command[2]
    return _SIGN.get(name, command[0]) if name else command[3] or ""


# -- both ----------------------------------------------------------------------------------------


def _of_fields(record: Mapping[str, list[str]], key: str, note: str, address: str) -> list[CarriedQuote]:
    noted = next((said for one in record.get(note, ()) if (said := in_note(_unmarked(one)))), None)
    own = _own_fields(record)
    linked = [in_address(one) for one in record.get(address, ())]
    words = tuple(one.quote for one in (own, noted) if one and one.quote)[:1]
    name = next(iter(record.get(key, ())), "")[:_LONGEST_NAME]
    quote = carried_quote(name, words, (own, noted, *linked), metadata=of_fields(record))
    return [quote] if quote else []


def _own_fields(record: Mapping[str, list[str]]) -> CarriedIdentity | None:
    """The fields of BibTeX that are ours."""
    one = {
        name: record.get(name, [""])[0].strip() for name in ("quote", "documentid", "offsets", "textsha256")
    }
    span = re.fullmatch(r"(-?\d{1,11})-(\d{1,11})", one["offsets"])
    if not one["documentid"] and not span and not one["textsha256"] and not one["quote"]:
        return None
    return CarriedIdentity(
        document_id=one["documentid"],
        start=int(span[1]) if span else None,
        end=int(span[2]) if span else None,
        sha256=one["textsha256"],
        quote=one["quote"],
    )


def _unmarked(note: str) -> str:
    """A note without the HTML into which a reference manager may have put it."""
    return (
        html.unescape(re.sub(r"</?(?:p|div|span|br)\b[^>]*>", " ", note))
        if note.lstrip().startswith("<")
        else note
    )
