"""Whose words a question asks for, and whether a sentence reports them: "What did Adeyemi say about the bridge?".

Told in German and English. Who is meant has to be named; where a document is in another language, everything counts as said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.evidence import Sentence
from assistant.answering.turns import turn_start
from assistant.language.matching import NAME_HELD, match_score, vocabulary
from assistant.language.words import Word
from assistant.retrieval.query import WORD, Query
from assistant.speech import shared
from ingest.types import Passage, Quotation

LANGUAGES = ("de", "en")
_ASKED_EN = (
    r"says?|said|tell|comment|remark|state|declare|mention|think|argue|claim|warn|reply|answer|respond"
)
_ASKED_DE = (
    "sagt|sagte|sagten|sagen|meint|meinte|meinen|erklärt|erklärte|erklärten|äußert|äußerte|äußerten|behauptet|behauptete"
    "|betont|betonte|antwortet|antwortete|warnt|warnte|denkt|dachte|kommentiert|kommentierte"
)
_DONE_DE = "gesagt|gemeint|erklärt|geäußert|behauptet|betont|geantwortet|gewarnt|gedacht|kommentiert"
# Where the one who speaks ends in a German question.
_TOPIC = r"zu|zum|zur|über|auf|von|vom|vor|bei|beim|nach|in|im|am|an|gegen|für|dazu|darüber|davon|dass|wegen|als|wenn"
_ASKS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"^\W*(?:what|how)\b[^?]*?\b(?:did|does|do|has|have|had|is|was)\s+(?P<who>[^?,]{{2,80}}?)\s+(?:{_ASKED_EN})\b",
        rf"^\W*(?:was|wie|wovor)\s+(?:{_ASKED_DE})\s+(?P<who>[^?,]{{2,80}}?)(?=\s+(?:{_TOPIC})\b|\s*[?,]|\s*$)",
        rf"^\W*(?:was|wie|wovor)\s+(?:hat|haben|hatte)\s+(?P<who>[^?,]{{2,80}}?)(?=\s+(?:{_TOPIC})\b|\s+(?:{_DONE_DE})\b)"
        rf"[^?]*\b(?:{_DONE_DE})\b",
    )
)
# That somebody's words are reported: quotation marks, a verb of speaking, or words such as "according to".
_REPORTS = re.compile(
    r"[\"„“”«»]"
    r"|\b(?:says?|said|tells?|told|adds?|added|asks?|asked|warns?|warned|argu\w+|claim\w*|explain\w*|insist\w*|not(?:es|ed)|repl(?:y|ied|ies)"
    r"|wrote|writes?|calls?|called|declar\w+|announc\w+|conced\w+|admit\w*|promis\w+|demand\w*|criticis\w+|criticiz\w+|prais\w+|stress\w*"
    r"|thank\w*|hop(?:es|ed)|thinks?|thought|believ\w+|comment\w*|remark\w*|stat(?:es|ed)|mention\w*|expect\w*|welcom\w+|reject\w*|apologi\w+"
    r"|according to|in (?:his|her|their) (?:view|words|opinion)|words? of)\b"
    r"|\b(?:sag(?:t|te|ten|en)|gesagt|erklär\w+|beton\w+|mein(?:t|te|ten)|schr(?:ieb|eibt)\w*|ergänz\w+|warn\w+|gewarnt|forder\w+|gefordert"
    r"|bericht\w+|sprach\w*|spricht|bekräftig\w+|räum\w+|kündig\w+|angekündigt|antwort\w+|behaupt\w+|nann\w+|nenn\w+|äußer\w+|geäußert|lob\w+"
    r"|dank\w+|kritisier\w+|hoff\w+|rechne\w*|erwart\w+|bedauer\w+|entschuldig\w+|versprach\w*|verspr\w+|wies\w*|lehn\w+|begrüß\w+|verlang\w+"
    r"|laut|zufolge|nach (?:den )?(?:\w+ ){1,3}(?:Worten|Angaben|Ansicht|Meinung)|Worte[ns]? (?:von|des|der)|so)\b",
    re.I,
)

# German reported speech, which goes on from sentence to sentence without another word that says so.
_REPORTED_DE = re.compile(
    r"\b(?:habe|sei|seien|werde|könne|müsse|solle|wolle|dürfe|möge|gebe|stehe|gehe|komme|brauche|wisse|lasse|nehme|mache|bleibe|halte"
    r"|hätten|wären|würden|könnten|müssten|gäbe|lägen|kämen)\b",
    re.I,
)


def speakers_asked_for(query: Query) -> tuple[Word, ...]:
    """The names of whom the question asks what he or she said; none where it asks for something else."""
    who = next((found["who"] for asks in _ASKS for found in [asks.search(query.text)] if found), "")
    named = set(WORD.findall(who))
    return tuple(word for word in query.words if word.name and word.text in named)


def is_said_by(speakers: tuple[Word, ...], sentence: Sentence) -> bool:
    """Whether a sentence may report words of ``speakers``: it is in their turn, or they are named in or beside a report."""
    if sentence.hit.language not in LANGUAGES:
        return True
    passage = sentence.hit.passage
    at = sentence.start - passage.start
    turn = turn_start(passage.text, sentence.end - passage.start)  # the label may be part of the sentence
    if turn is not None:
        label, _, own = passage.text[turn : sentence.end - passage.start].partition(":")
        return _names(speakers, label) or _reported(speakers, own if turn >= at else sentence.text)
    said = _told(speakers, sentence)
    if said is not None:
        return said
    if _reported(speakers, sentence.text):
        return True
    beside = any(_reported(speakers, text) for text in (sentence.before, sentence.after))
    named_before = _names(speakers, f"{passage.heading}\n{passage.text[:at]}")
    reports = bool(_REPORTS.search(sentence.text)) or (
        sentence.hit.language == "de" and bool(_REPORTED_DE.search(sentence.text))
    )
    return beside or (named_before and reports)


def name_in(query: Query, speakers: tuple[Word, ...]) -> str:
    """The speakers' names as the question writes them."""
    return " ".join(word.text for word in query.words if word in speakers)


def _told(speakers: tuple[Word, ...], sentence: Sentence) -> bool | None:
    """Whether the quotations found in the document say so; None where they were not looked for, or don't name whose words these are."""
    passage, length = sentence.hit.passage, sentence.end - sentence.start
    if passage.quotations is None:
        return None
    held = [(one, shared(one, sentence.start, sentence.end)) for one in passage.quotations]
    told = [one for one, part in held if part and 2 * part >= min(length, one.end - one.start)]
    if any(_names(speakers, f"{one.name}\n{_written(one, passage)}") for one in told):
        return True
    if told:
        sure = all(
            " " in one.name or (one.name and not _names(speakers, _frame(sentence, told))) for one in told
        )
        return False if sure else None
    return _reported(speakers, sentence.text)


def _frame(sentence: Sentence, told: Sequence[Quotation]) -> str:
    """What of a sentence is none of the words told: a speaker that was misread there may be who is asked for."""
    outside = list(sentence.text)
    for one in told:
        start, end = (max(0, at - sentence.start) for at in (one.start, one.end))
        outside[start:end] = " " * (min(end, len(outside)) - start)
    return "".join(outside)


def _written(quotation: Quotation, passage: Passage) -> str:
    """Who speaks as the text has it, which may be "Hooper's lawyer" where the name is another; empty outside the passage."""
    speaker = quotation.speaker
    if speaker is None or speaker.start < passage.start:
        return ""
    return passage.text[speaker.start - passage.start : speaker.end - passage.start]


def _reported(speakers: tuple[Word, ...], text: str) -> bool:
    return bool(_REPORTS.search(text)) and _names(speakers, text)


def _names(speakers: tuple[Word, ...], text: str) -> bool:
    """Whether the text names one of them; a family name is enough."""
    return any(match_score(word, vocabulary(text)) >= NAME_HELD for word in speakers)
