"""Subtitles and transcripts: what is said, by whom, and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import DamagedSource
from ingest.loaders import load, transcripts
from ingest.loaders.blocks import clean
from ingest.types import time_at

NEWS = """WEBVTT - Sitzung vom Mai
Language: de

STYLE
::cue { color: red }

NOTE
Nicht zu lesen

intro
01:00.000 --> 01:03.000 align:start
<v.loud Anna Lee>Der Hafen wird bis

2
00:01:03.000 --> 00:01:06.000
<v Anna Lee><c.x>2031</c> auf <i>achtzig</i> Meter &amp; mehr verbreitert.</v>

01:12:31.500 --> 01:12:33.000
<v Bo Li>Das kostet <01:12:32.000>zu viel.
<v Anna Lee>Nein.
"""
ROLLING = """WEBVTT

00:00:01.000 --> 00:00:03.000
we are going to

00:00:03.000 --> 00:00:05.000
we are going to
build the bridge

00:00:05.000 --> 00:00:07.000
build the bridge
next year
"""
SRT = (
    "1\r\n00:00:01,000 --> 00:00:03,000\r\n{\\an8}We will build\r\n\r\n"
    '2\r\n00:00:03,000 --> 00:00:06,000\r\n<font color="red">the bridge.</font>\r\n\r\n'
    "3\r\n00:12:31,500 --> 00:12:33,000\r\n- Who pays?\r\n- In 1999,\r\n7\r\n"
    "00:12:34,000 --> 00:12:35,000\r\nnobody.\r\n"
)


def test_cues_of_one_sentence_are_joined_and_speakers_are_labels() -> None:
    content = load(NEWS.encode(), "news.vtt")
    assert content.text == (
        "Anna Lee: Der Hafen wird bis 2031 auf achtzig Meter & mehr verbreitert.\n\n"
        "Bo Li: Das kostet zu viel.\n\nAnna Lee: Nein."
    )
    assert (content.title, content.language) == ("Sitzung vom Mai", "de")
    assert time_at(content.time_starts, content.text.index("Hafen")) == "00:01:00"
    assert time_at(content.time_starts, content.text.index("achtzig")) == "00:01:03"
    assert time_at(content.time_starts, content.text.index("kostet")) == "01:12:31"


def test_numbers_styles_and_dashes_of_subtitles() -> None:
    content = load(SRT.encode("utf-8-sig"), "film.srt")
    assert content.text == "We will build the bridge.\n\nWho pays?\n\nIn 1999, nobody."
    assert time_at(content.time_starts, content.text.index("nobody")) == "00:12:34"


def test_lines_that_roll_up_are_read_once() -> None:
    assert load(ROLLING.encode(), "auto.vtt").text == "we are going to build the bridge next year"


@pytest.mark.parametrize("data", [b"No times here.", b"WEBVTT\n\nNOTE nothing\n", b"00:01 - 00:02 no"])
def test_what_has_no_times_is_no_transcript(data: bytes) -> None:
    with pytest.raises(DamagedSource, match="no times"):
        load(data, "x.vtt")


words = st.text(st.sampled_from("abc.ÄI! \u0301"), min_size=1, max_size=12)
cue = st.tuples(st.integers(0, 9), words, st.sampled_from(["", "Ann Lee", "Bo"]), st.booleans())


@given(st.lists(cue, min_size=1, max_size=12))
def test_every_word_is_there_once_and_every_time_where_its_words_are(
    spoken: list[tuple[int, str, str, bool]],
) -> None:
    start, cues = 0, []
    for pause, said, speaker, turn in spoken:
        cues.append(
            transcripts.Cue(
                start=start,
                end=start + 1,
                words=clean(said) or "x",
                speaker=speaker if turn else "",
                turn=turn,
            )
        )
        start += pause + 1
    text, times = transcripts.composed(cues)
    assert len(times) == len(cues)
    for (offset, second), one in zip(times, cues, strict=True):
        said = text[offset:].split(": ", 1)[-1] if not text.startswith(one.words, offset) else text[offset:]
        assert said.startswith(one.words)
        assert second == int(one.start)
    assert [offset for offset, _ in times] == sorted(offset for offset, _ in times)


def test_a_word_before_a_colon_is_a_speaker_only_where_it_is_said_to_be() -> None:
    cues = (
        "Remember: water is wet.",
        "NOTE THAT PRICES RISE.",
        "Bees fly in summer.",
        "ANNA: Yes.",
        "Bo Li: No.",
    )
    times = (f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{words}" for n, words in enumerate(cues))
    content = load(("WEBVTT\n\n" + "\n\n".join(times)).encode(), "bees.vtt")
    assert content.text == (
        "Remember: water is wet. NOTE THAT PRICES RISE. Bees fly in summer.\n\nANNA: Yes.\n\nBo Li: No."
    )
