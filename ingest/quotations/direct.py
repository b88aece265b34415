"""Which quotations in marks are somebody's words, and which only names, titles or words in a special sense."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.quotations.cues import is_reflexive
from ingest.quotations.framing import Framing
from ingest.quotations.grammar import SpeechGrammar, matches
from ingest.quotations.noun_phrases import Phrase
from ingest.quotations.phrases import first_subject
from ingest.quotations.reading import ReadSentence, Token
from ingest.quotations.reported import extent
from ingest.types import Extent

_WORD = re.compile(r"\w+")
_TERMINAL = ".!?…"
_LONG = 7
_TITLE = re.compile(r"(?:titel|name|namen|motto|überschrift|title|name|headline)$")
_NAMED_BEFORE = re.compile(
    r"(?:zeitung|magazin|titel|motto|namen?|film|buch|lied|song|album|serie|sendung|preis|projekt|typs?|marke|begriff|wort|schiff|verein"
    r"|gruppe|firma|sender|blatt|operation|aktion|studie|roman|sogenannte[nrs]?|genannte[nrs]?|called|titled|named|entitled|dubbed|nicknamed"
    r"|album|novel|book|band|newspaper|magazine|series|show|ship|play|song|word|term|nachrichtenmagazins?|fachzeitschrift|zeitschrift|rubrik)(?:e?s|e?n)?$",
    re.I,
)


def is_speech(sentence: ReadSentence, index: int, framing: Framing, grammar: SpeechGrammar) -> bool:
    """Whether the quotation that is the token ``index`` of a sentence has somebody's words."""
    token = sentence.tokens[index]
    inner = token.text[1:-1].strip()
    words = _WORD.findall(inner)
    if not words or ("." in inner[:-1] and " " not in inner):
        return False
    before = sentence.tokens[index - 1] if index else None
    after = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    told = bool(framing.cues) or bool(framing.reported) or framing.told_from >= 0
    if inner[-1] not in _TERMINAL and len(words) < _LONG and _names_speaker(index, framing):
        return False
    if _names_itself(sentence, index, framing, grammar):
        return False
    short = len(words) < _LONG and inner[-1] not in _TERMINAL
    if short and (_is_gloss(sentence, index) or _is_called_so(sentence, index, grammar)):
        return False
    if before is not None and before.text == ":" and len(words) > 1:
        return told or len(words) > 4 or inner[-1] in _TERMINAL or inner[0].islower()
    ends_open = inner[-1] in ",!?" and after is not None and after.kind == "w"
    if index == 0 and after is not None and (after.text in ",–" or ends_open) and told:
        named = any(cue.verb is not None and cue.verb.lemma in grammar.labelling for cue in framing.cues)
        if named and len(words) < 4 and inner[-1] not in _TERMINAL:
            return False
        return len(words) > 1 or any(cue.token <= 3 for cue in framing.cues)
    if before is not None and before.text == "(" and inner[-1] not in _TERMINAL:
        return False
    if _is_titled(sentence, index, inner, grammar):
        return False
    whole = sum(one.kind != "p" for one in sentence.tokens) == 1
    if whole:
        return len(words) >= 4 or (len(words) > 1 and inner[-1] in _TERMINAL)
    titled = not inner[0].islower() or not _is_labelled(sentence, framing, grammar)
    named = (
        titled
        and before is not None
        and before.kind == "w"
        and _NAMED_BEFORE.search(before.lower) is not None
    )
    if len(words) >= _LONG:
        return not named and (inner[-1] in _TERMINAL or told or _has_verb_case(inner, grammar))
    if named:
        return False
    return _is_partial(sentence, inner, words, framing, before, grammar)


def _is_gloss(sentence: ReadSentence, index: int) -> bool:
    """Whether it explains in brackets what stands before: "(etwa: „…“)"."""
    before = [token.text for token in sentence.tokens[max(0, index - 4) : index]]
    return "(" in before and ")" not in before


def _is_called_so(sentence: ReadSentence, index: int, grammar: SpeechGrammar) -> bool:
    """Whether a sentence says that it is a title or a name, or names it as a source: "Wie „heise online“ berichtet"."""
    before = sentence.tokens[index - 1].lower if index else ""
    led = index > 0 and sentence.tokens[index - 1].text == ":"
    near = sentence.tokens[0 if led else max(0, index - 4) : index + 6]
    titled = any(token.kind == "w" and _TITLE.match(token.lower) for token in near)
    return titled or before in grammar.sources or (index == 1 and before in grammar.as_words)


def _is_titled(sentence: ReadSentence, index: int, inner: str, grammar: SpeechGrammar) -> bool:
    """Whether a quotation with a capital letter is a name, as after "der" or "des"."""
    if inner[0].islower() or inner[-1] in _TERMINAL:
        return False
    before = sentence.tokens[index - 1] if index else None
    return before is not None and before.lower in grammar.definite


def _names_speaker(index: int, framing: Framing) -> bool:
    """Whether the quotation is part of a speaker's name: "laut „Spiegel“"."""
    return any(cue.speaker is not None and cue.speaker[0] <= index < cue.speaker[1] for cue in framing.cues)


def _is_partial(
    sentence: ReadSentence,
    inner: str,
    words: list[str],
    framing: Framing,
    before: Token | None,
    grammar: SpeechGrammar,
) -> bool:
    """Whether a few words within a sentence are quoted as somebody's: no name, in a sentence that tells what is said."""
    if not (framing.cues or framing.reported or framing.told_from >= 0):
        return False
    if inner[-1] in _TERMINAL and len(words) > (1 if inner[-1] in "!?" else 2) and _is_told(framing):
        return True
    lower = sum(not word[:1].isupper() for word in words)
    article = before is not None and before.lower in grammar.introductions
    if article and len(words) < 4 and _is_labelled(sentence, framing, grammar):
        return True
    if len(words) < 3 and not _is_told(framing):
        return False
    if inner[0].islower():
        if " " in inner or _is_labelled(sentence, framing, grammar):
            return True
        attributive = before is not None and before.lower in grammar.determiners | grammar.oblique
        return not attributive and (framing.told_from >= 0 or bool(framing.reported))
    return (len(words) > 3 and lower * 2 >= len(words)) or (
        before is not None
        and before.lower in grammar.determiners - grammar.definite
        and lower > 0
        and _is_told(framing)
    )


def _is_labelled(sentence: ReadSentence, framing: Framing, grammar: SpeechGrammar) -> bool:
    """Whether somebody gives something a name: "nannte den Plan einen …"."""
    return any(
        cue.verb is not None
        and cue.verb.lemma in grammar.labelling
        and cue.speaker is not None
        and not cue.passive
        and not is_reflexive(sentence, cue.clause, grammar)
        for cue in framing.cues
    )


def _names_itself(sentence: ReadSentence, index: int, framing: Framing, grammar: SpeechGrammar) -> bool:
    """Whether a quotation is how somebody calls themselves: "die sich „Rat der Weisen“ nennen"."""
    number = sentence.clause_of(index)
    return any(
        cue.verb is not None and cue.verb.lemma in grammar.naming and cue.clause == number
        for cue in framing.cues
    ) and is_reflexive(sentence, number, grammar)


def _is_told(framing: Framing) -> bool:
    """Whether more than a noun says that others' words are told."""
    return framing.told_from >= 0 or any(cue.kind != "noun" for cue in framing.cues)


def _has_verb_case(inner: str, grammar: SpeechGrammar) -> bool:
    words = _WORD.findall(inner)
    lower = sum(not word[:1].isupper() for word in words)
    return inner[0].islower() or lower * 2 >= len(words)


def speaker_of(
    sentence: ReadSentence, index: int, framing: Framing, grammar: SpeechGrammar
) -> tuple[Extent | None, Extent | None]:
    """The cue and the speaker of a direct quotation, from its own sentence."""
    token = sentence.tokens[index]
    for reported in framing.reported:
        if reported.start <= token.start and token.end <= reported.end and reported.kind != "reported":
            return reported.cue, reported.speaker
    number = sentence.clause_of(index)
    verbs = [cue for cue in framing.cues if cue.kind == "verb"]
    if (
        index and sentence.tokens[index - 1].text == ":"
    ):  # what is said follows the main clause, not the one beside it
        verbs = [cue for cue in verbs if not _is_subordinate(sentence, cue.clause, grammar)] or verbs
    near = sorted(verbs, key=lambda cue: (abs(cue.clause - number), cue.clause > number))
    for cue in near:
        if cue.speaker is not None:
            word = sentence.tokens[cue.token]
            return Extent(start=word.start, end=word.end), extent(sentence, cue.speaker)
    for cue in framing.cues:
        if cue.kind == "source" and cue.speaker is not None:
            word = sentence.tokens[cue.token]
            return Extent(start=word.start, end=word.end), extent(sentence, cue.speaker)
    for reported in framing.reported:
        if reported.speaker is not None and reported.kind != "reported" and not reported.loose:
            return reported.cue, reported.speaker
    return None, labelled(sentence, index, grammar)


def _is_subordinate(sentence: ReadSentence, clause: int, grammar: SpeechGrammar) -> bool:
    first = sentence.tokens[sentence.clauses[clause].first].lower
    return first in grammar.subordinators or first in grammar.complementisers or first in grammar.relatives


def labelled(sentence: ReadSentence, index: int, grammar: SpeechGrammar) -> Extent | None:
    """The subject of a sentence that leads to the quotation by a colon, or the name that is all before it."""
    if index < 2 or sentence.tokens[index - 1].text != ":":
        return None
    tokens = sentence.tokens
    for clause in sentence.clauses:
        if clause.first >= index:
            break
        if _is_of_another(tokens[clause.first : min(clause.last, index)], grammar):
            return None
        found = first_subject(tokens, clause.first, min(clause.last, index), grammar)
        if found and not _is_speech_itself(tokens[found[0] : found[1]], grammar):
            return extent(sentence, found)
        owner = _owner(sentence, found, grammar) if found else None
        if owner:
            return extent(sentence, owner)
    return None


def _is_of_another(words: Sequence[Token], grammar: SpeechGrammar) -> bool:
    """Whether a clause gives another's words than its subject's: "Sie zitierte ihn: „…“", "Sie sagte nie: „…“"."""
    lower = [token.lower for token in words if not token.capital]
    quotes = any(verb.lemma in grammar.quoting for word in lower for verb in grammar.verbs.get(word, ()))
    says = any(word in grammar.verbs for word in lower)
    return quotes or (says and not grammar.negations.isdisjoint(lower))


def _owner(sentence: ReadSentence, phrase: Phrase, grammar: SpeechGrammar) -> Phrase | None:
    """Whose words a phrase says they are: "Der Kommentar von Eva Roth: „…“"."""
    tokens = sentence.tokens
    for at in range(phrase[0] + 1, phrase[1] - 1):
        if tokens[at].lower in grammar.agents:
            return at + 1, phrase[1]
    return None


def _is_speech_itself(phrase: Sequence[Token], grammar: SpeechGrammar) -> bool:
    """Whether a phrase is no speaker but what was said, or that it was: "Die Rede von Müller begann mit: „…“"."""
    noun = next(
        (
            token.lower
            for token in phrase
            if token.capital == grammar.noun_case
            and token.kind == "w"
            and token.lower not in grammar.determiners
        ),
        "",
    )
    written = not grammar.noun_case and matches(grammar.media, noun)
    return written or matches(grammar.nouns, noun) or all(token.lower in grammar.verbs for token in phrase)
