"""The quotations of a document: sentence by sentence, with what goes on from one to the next."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace

from ingest.quotations.content_ends import free_end
from ingest.quotations.direct import is_speech, labelled, speaker_of
from ingest.quotations.english import ENGLISH
from ingest.quotations.framing import Framing, framing
from ingest.quotations.german import GERMAN
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.people import Cast
from ingest.quotations.phrases import first_subject
from ingest.quotations.reading import ReadSentence, read
from ingest.quotations.reported import Reported, extent
from ingest.types import Extent, Quotation

GRAMMARS: dict[str, SpeechGrammar] = {grammar.language: grammar for grammar in (GERMAN, ENGLISH)}

STEP = 20_000  # characters
_LONGEST_NAME = 100  # characters; what is longer is a badly read text, and no name to be shown


@dataclass(slots=True)
class _Thread:
    """What is known from the sentences before: whose words went last, and whether they may go on."""

    speaker: Extent | None = None
    loose: bool = False
    """Whether no word said that ``speaker`` speaks."""
    goes_on: bool = False
    colon: bool = False
    previous: ReadSentence | None = None
    found: list[Reported] = field(default_factory=list)


def grammar_of(language: str) -> SpeechGrammar | None:
    """How speech is told in a language, as in "de" or "de-AT"; None where that is not known."""
    return GRAMMARS.get(language.partition("-")[0].lower())


def find_quotations(text: str, language: str) -> tuple[Quotation, ...]:
    """The quotations of a document, by where they begin; none in a language that has no grammar."""
    reading = quotations_in_steps(text, language)
    while True:
        try:
            next(reading)
        except StopIteration as ended:
            found: tuple[Quotation, ...] = ended.value
            return found


def quotations_in_steps(text: str, language: str) -> Generator[int, None, tuple[Quotation, ...]]:
    """The same; tells every `STEP` characters how far it has come, where whoever asked can stop it."""
    grammar = grammar_of(language)
    if grammar is None:
        return ()
    thread = _Thread()
    sentences: list[ReadSentence] = []
    told = 0
    for sentence in read(text, grammar):
        sentences.append(sentence)
        _read_on(sentence, thread, grammar)
        if sentence.end >= told + STEP:
            told = sentence.end
            yield told
    return tuple(
        _named(sorted(thread.found, key=lambda one: (one.start, -one.end)), Cast.of(text, sentences, grammar))
    )


def _named(found: list[Reported], cast: Cast) -> Iterator[Quotation]:
    """What was found, with the names of those who speak."""
    last = ""
    unnamed = -1
    for one in found:
        name = cast.name_of(one.speaker, one.cue, last, unnamed)
        if one.speaker is not None and not name and not one.loose and not cast.is_pronoun(one.speaker):
            unnamed = one.speaker.start
        known = not one.loose or cast.knows(name)
        name, speaker = (name, one.speaker) if known else ("", None)
        name = name if len(name) <= _LONGEST_NAME else ""
        last = name or last
        yield Quotation(kind=one.kind, start=one.start, end=one.end, cue=one.cue, speaker=speaker, name=name)


def _read_on(sentence: ReadSentence, thread: _Thread, grammar: SpeechGrammar) -> None:
    """Adds what one sentence tells of others' words."""
    if sentence.begins_paragraph and not thread.colon:
        thread.goes_on = False
    found = framing(sentence, grammar)
    if found.refers_back and _take_back(sentence, found, thread):
        return
    reported = list(found.reported)
    direct = _direct(sentence, found, thread, grammar)
    if not reported or (direct and all(one.kind == "reported" for one in reported)):
        reported = _free(sentence, found, thread, grammar)
    if direct:  # a sentence that has the words themselves is not reported as well
        reported = [one for one in reported if one.kind == "indirect" and not _is_covered(one, direct)]
    thread.found += [*reported, *direct]
    _remember(sentence, found, [*reported, *direct], thread, grammar)


def _direct(
    sentence: ReadSentence, found: Framing, thread: _Thread, grammar: SpeechGrammar
) -> list[Reported]:
    """The quotations in marks of a sentence."""
    direct: list[Reported] = []
    for index, token in enumerate(sentence.tokens):
        if token.kind != "q" or not is_speech(sentence, index, found, grammar):
            continue
        cue, speaker = speaker_of(sentence, index, found, grammar)
        alone = sum(one.kind != "p" for one in sentence.tokens) == 1
        one = Reported(
            kind="direct", start=token.start, end=token.end, cue=cue, speaker=speaker, loose=cue is None
        )
        if speaker is None and (alone or found.told_from >= 0):
            one = _by_last(one, thread)
        direct.append(one)
    return direct


def _is_covered(reported: Reported, direct: list[Reported]) -> bool:
    return any(one.start <= reported.start and reported.end <= one.end for one in direct)


def _free(sentence: ReadSentence, found: Framing, thread: _Thread, grammar: SpeechGrammar) -> list[Reported]:
    """A sentence in the mood of others' words without a frame: it goes on with the last speaker's."""
    begins = found.told_from
    if begins < 0 and found.conditional and thread.goes_on:
        begins = 0
    if begins < 0:
        return []
    own = first_subject(sentence.tokens, 0, sentence.clauses[0].last, grammar) if begins > 0 else None
    if own is not None and own[1] - own[0] == sentence.clauses[0].last - sentence.clauses[0].first:
        own = None  # "Ihr Mann, ein Schauspieler, habe geholfen": he is whom it tells of
    start = sentence.start if begins == 0 else sentence.tokens[begins].start
    one = Reported(
        kind="indirect",
        start=start,
        end=free_end(sentence, begins, grammar),
        cue=None,
        speaker=extent(sentence, own),
        loose=True,
    )
    return [one if own is not None else _by_last(one, thread)]


def _take_back(sentence: ReadSentence, found: Framing, thread: _Thread) -> bool:
    """Gives what went before the speaker that this sentence names for it; whether it could."""
    cue = found.cues[0]
    token = sentence.tokens[cue.token]
    speakers = [one.speaker for one in found.cues if one.speaker is not None]
    speaker = extent(sentence, speakers[0]) if speakers else None
    said = Extent(start=token.start, end=token.end)
    before = thread.previous
    if before is None or sentence.start - before.end > 3:
        return False
    of_before = [one for one in thread.found if one.end > before.start]
    if any(one.speaker is not None and one.kind != "direct" and one.cue is not None for one in of_before):
        return False  # it says whose words they are
    within = [one for one in of_before if one.kind == "direct"]
    whole = len(within) == 1 and 2 * (within[0].end - within[0].start) > before.end - before.start
    thread.found = thread.found[: len(thread.found) - len(of_before)]
    thread.found += [one if one.speaker else replace(one, cue=said, speaker=speaker) for one in within]
    if not whole:
        thread.found.append(
            Reported(kind="indirect", start=before.start, end=before.end, cue=said, speaker=speaker)
        )
    thread.speaker = speaker
    return True


def _by_last(one: Reported, thread: _Thread) -> Reported:
    """The same as said by who spoke last, where nothing else was told since."""
    return replace(one, speaker=thread.speaker, loose=thread.loose)


def _remember(
    sentence: ReadSentence, found: Framing, told: list[Reported], thread: _Thread, grammar: SpeechGrammar
) -> None:
    speakers = [one for one in told if one.speaker is not None]
    cued = [cue.speaker for cue in found.cues if cue.speaker is not None]
    if speakers:
        last = speakers[-1]
        thread.speaker, thread.loose = last.speaker, last.loose
    elif cued and not told:
        thread.speaker, thread.loose = extent(sentence, cued[0]), False
    elif not told:  # what is told now leads mostly to somebody else's words
        thread.speaker, thread.loose = labelled(sentence, len(sentence.tokens), grammar), True
    thread.previous = sentence
    thread.goes_on = bool(told)
    thread.colon = bool(sentence.tokens) and sentence.tokens[-1].text == ":"
