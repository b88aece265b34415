"""Subtitles and transcripts (SRT, VTT): what was said, cues of one sentence joined, each cue's time as its place."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.errors import DamagedSource
from ingest.loaders import metadata, text
from ingest.loaders.blocks import clean, one_line
from ingest.types import Content, TimeStart

_CLOCK = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-{{1,2}}>[ \t]*{_CLOCK}", re.M)
_BLOCKS = re.compile(r"(?<=\n\n)(?:NOTE|STYLE|REGION)(?=[ \t\n]|\Z)[^\n]*(?:\n(?![ \t]*\n)[^\n]+)*", re.M)
_HEADER = re.compile(r"\AWEBVTT[ \t]*(?:-?[ \t]*(?P<title>[^\n]*))?(?P<fields>(?:\n[^\n]+)*)")
_LANGUAGE = re.compile(r"^language:[ \t]*(\S+)", re.I | re.M)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+(?P<name>[^>\n]+)>")
_TAG = re.compile(r"</?(?:[a-z][^<>\n]*|\d[\d:.,]*)?>|\{\\[^{}\n]*\}|\{/?[a-z]\}", re.I)
_NUMBER_LINE = re.compile(r"\d+")
# "ANNA LEE: …", "Anna Lee: …", ">> ANNA: …" in a cue; a dash begins another person's words.
_LABEL = re.compile(
    r"(?:>>[ ]*)?(?P<name>[^\W\d_a-zß-öø-ÿ][\w.’'-]*(?: [^\W\d_a-zß-öø-ÿ][\w.’'-]*){0,3}):[ ]+(?=\S)"
)
_DASH = re.compile(r"(?:[-–—‐][ ]?|>>+[ ]*)(?=\S)")
_ENDED = re.compile(r"[.!?…。！？][\"'”’“»)\]]*\Z")
_PAUSE = 4.0  # seconds without words, after which a paragraph begins
_PARAGRAPH, _LONGEST = 600, 1_200  # characters after which one begins, at the end of a sentence or anywhere
_TOUCHING = 0.2  # seconds between two cues of which the second repeats lines of the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is said from ``start`` to ``end``, in seconds; the speaker is empty where none is named.

    ``turn``: somebody begins to speak here, named or not.
    """

    start: float
    end: float
    words: str
    speaker: str = ""
    turn: bool = False


def load(data: bytes, name: str) -> Content:
    """The words in paragraphs, begun by whoever speaks them ("Ann Lee: …"). Raises `DamagedSource` where there are no cues."""
    page = clean(text.decode(data, name))
    header = _HEADER.match(page)
    body, times = composed(cues(page))
    if not times:
        raise DamagedSource(name, "no_cues")
    declared = one_line(header["title"] or "") if header else ""
    language = _LANGUAGE.search(header["fields"]) if header else None
    return Content(
        text=body,
        media_type="text/vtt" if header else "application/x-subrip",
        title=metadata.title(declared, "", "", name),
        language=metadata.language(language[1] if language else ""),
        time_starts=times,
    )


def cues(page: str) -> list[Cue]:
    """The cues of a file in the order of time, without numbers, tags, notes and repeated lines; blank ones left out."""
    page = _BLOCKS.sub("", page) if page.startswith("WEBVTT") else page
    timings = list(_TIMING.finditer(page))
    ends = [*(match.start() for match in timings[1:]), *([len(page)] if timings else [])]
    found: list[tuple[float, float, list[str]]] = []
    for number, (timing, end) in enumerate(zip(timings, ends, strict=True)):
        after = page.find("\n", timing.end())
        lines = page[after + 1 : end].split("\n") if 0 <= after < end else []
        last = number == len(timings) - 1
        start, until = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        found.append((start, until, _spoken_lines(lines, last=last)))
    found.sort(key=lambda cue: cue[0])
    shown = list(_without_repetition(found))
    names = _names(line for _, _, lines in shown for line in lines)
    return [cue for start, until, lines in shown for cue in _turns(start, until, lines, names)]


def _names(lines: Iterable[str]) -> frozenset[str]:
    """What stands as a label and is one: "Remember: …" is, where it stands once, the beginning of a sentence."""
    labels = Counter(match["name"] for line in lines if (match := _LABEL.match(_plain(line))))
    return frozenset(name for name, number in labels.items() if number > 1 or " " in name or name.isupper())


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}")


def _spoken_lines(lines: Sequence[str], *, last: bool) -> list[str]:
    """The lines of a cue; its number, or name, stands before the next one's time and is dropped."""
    kept = list(lines) if last else list(lines[:-1])
    # A line directly before the next time, after an empty one or made of digits, is what the next cue is called.
    follows = not last and len(kept) > 1 and kept[-1].strip()
    if follows and (not kept[-2].strip() or _NUMBER_LINE.fullmatch(kept[-1].strip())):
        kept.pop()
    return [line.strip() for line in kept if line.strip()]


def _without_repetition(
    found: Sequence[tuple[float, float, list[str]]],
) -> Iterator[tuple[float, float, list[str]]]:
    """Captions that roll up show each line twice: the second time it is dropped."""
    before: list[str] = []
    until = -1.0
    for start, end, lines in found:
        plain = [_plain(line) for line in lines]
        overlap = 0
        if start <= until + _TOUCHING:
            overlap = next(
                (
                    length
                    for length in range(min(len(before), len(plain)), 0, -1)
                    if before[-length:] == plain[:length]
                ),
                0,
            )
        yield start, end, lines[overlap:]
        before, until = plain or before, end


def _plain(line: str) -> str:
    return one_line(html.unescape(_TAG.sub("", _VOICE.sub("", line))))


def _turns(start: float, end: float, lines: Sequence[str], names: Collection[str]) -> Iterator[Cue]:
    """A cue's words, one `Cue` for each who speaks in it."""
    speaker, turn, words = "", False, list[str]()
    for piece in _pieces(lines):
        name, begins, said = _said_by(piece, names)
        if (begins or name) and words:
            yield Cue(start=start, end=end, words=" ".join(words), speaker=speaker, turn=turn)
            words = []
        if begins or name:
            speaker, turn = name, True
        words += [said] if said else []
    if words:
        yield Cue(start=start, end=end, words=" ".join(words), speaker=speaker, turn=turn)


def _pieces(lines: Sequence[str]) -> Iterator[str]:
    """The lines, cut where a voice begins."""
    for line in lines:
        cuts = [0, *(match.start() for match in _VOICE.finditer(line)), len(line)]
        yield from (line[start:end] for start, end in pairwise(cuts) if end > start)


def _said_by(piece: str, names: Collection[str]) -> tuple[str, bool, str]:
    """Who speaks, whether somebody begins to here, and the words."""
    if voice := _VOICE.match(piece):
        return one_line(html.unescape(voice["name"])), True, _plain(piece)
    said = _plain(piece)
    if (label := _LABEL.match(said)) and (label["name"] in names or said.startswith(">>")):
        return label["name"], True, said[label.end() :]
    if dash := _DASH.match(said):
        return "", True, said[dash.end() :]
    return "", False, said


def composed(cues: Sequence[Cue]) -> tuple[str, tuple[TimeStart, ...]]:
    """The text of all cues, and where in it which second begins."""
    parts: list[str] = []
    times: list[TimeStart] = []
    length = begun = 0
    for cue, before in zip(cues, [None, *_told(cues)], strict=False):
        starts = before is None or _starts_paragraph(cue, before, length - begun)
        gap = "" if before is None else "\n\n" if starts else " "
        speaker = cue.speaker if cue.turn or before is None else before.speaker
        label = f"{speaker}: " if starts and speaker else ""
        begun = length + len(gap) if starts else begun
        times.append((length + len(gap), int(cue.start)))
        parts += gap, label, cue.words
        length += len(gap) + len(label) + len(cue.words)
    return "".join(parts), tuple(times)


def _told(cues: Sequence[Cue]) -> Iterator[Cue]:
    """The cues, each with its speaker: whoever began to speak last."""
    speaker = ""
    for cue in cues:
        speaker = cue.speaker if cue.turn else speaker
        yield replace(cue, speaker=speaker)


def _starts_paragraph(cue: Cue, before: Cue, length: int) -> bool:
    if cue.turn and (cue.speaker != before.speaker or not cue.speaker):
        return True
    ended = _ENDED.search(before.words) is not None
    if ended:
        return length > _PARAGRAPH or cue.start - before.end >= _PAUSE
    return length > _LONGEST
