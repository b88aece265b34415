"""Whether a sentence reports the words of whom a question asks for.

Told in German and English; where a document is in another language, everything counts as said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.evidence import Sentence
from assistant.answering.turns import turn_start
from assistant.language.matching import NAME_HELD, match_score, vocabulary
from assistant.language.words import Word
from assistant.speech import shared, written_in
from ingest.quotations.finding import grammar_of
from ingest.types import Quotation

LANGUAGES = ("de", "en")
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


def tells(speakers: tuple[Word, ...], sentence: Sentence) -> bool:
    """Whether a sentence surely tells words of ``speakers``, directly or indirectly, by the quotations found in its document."""
    passage, length = sentence.hit.passage, sentence.end - sentence.start
    held = [
        (one, shared(one, sentence.start, sentence.end))
        for one in passage.quotations or ()
        if one.kind != "reported"
    ]
    return any(
        part
        and 2 * part >= min(length, one.end - one.start)
        and is_named(speakers, f"{one.name}\n{written_in(passage, one.speaker)}")
        for one, part in held
    )


def has_cue(verbs: frozenset[str], sentence: Sentence) -> bool:
    """Whether what is told in a sentence is said by one of these verbs, given by their lemmas: "deny" where it "denied that"."""
    passage, grammar = sentence.hit.passage, grammar_of(sentence.hit.language)
    cues = [
        written_in(passage, one.cue).lower()
        for one in passage.quotations or ()
        if shared(one, sentence.start, sentence.end)
    ]
    return grammar is not None and any(
        verb.lemma in verbs for cue in cues for verb in grammar.verbs.get(cue, ())
    )


def is_said_by(speakers: tuple[Word, ...], sentence: Sentence) -> bool:
    """Whether a sentence may report words of ``speakers``: it is in their turn, or they are named in or beside a report."""
    if sentence.hit.language not in LANGUAGES:
        return True
    passage = sentence.hit.passage
    at = sentence.start - passage.start
    turn = turn_start(passage.text, sentence.end - passage.start)  # the label may be part of the sentence
    if turn is not None:
        label, _, own = passage.text[turn : sentence.end - passage.start].partition(":")
        return is_named(speakers, label) or _reported(speakers, own if turn >= at else sentence.text)
    said = _told(speakers, sentence)
    if said is not None:
        return said
    if _reported(speakers, sentence.text):
        return True
    beside = any(_reported(speakers, text) for text in (sentence.before, sentence.after))
    named_before = is_named(speakers, f"{passage.heading}\n{passage.text[:at]}")
    reports = bool(_REPORTS.search(sentence.text)) or (
        sentence.hit.language == "de" and bool(_REPORTED_DE.search(sentence.text))
    )
    return beside or (named_before and reports)


def _told(speakers: tuple[Word, ...], sentence: Sentence) -> bool | None:
    """Whether the quotations found in the document say so; None where they were not looked for, or don't name whose words these are."""
    passage, length = sentence.hit.passage, sentence.end - sentence.start
    if passage.quotations is None:
        return None
    held = [(one, shared(one, sentence.start, sentence.end)) for one in passage.quotations]
    told = [one for one, part in held if part and 2 * part >= min(length, one.end - one.start)]
    if any(is_named(speakers, f"{one.name}\n{written_in(passage, one.speaker)}") for one in told):
        return True
    if told:
        sure = all(
            " " in one.name or (one.name and not is_named(speakers, _frame(sentence, told))) for one in told
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


def _reported(speakers: tuple[Word, ...], text: str) -> bool:
    return bool(_REPORTS.search(text)) and is_named(speakers, text)


def is_named(speakers: tuple[Word, ...], text: str) -> bool:
    """Whether the text names one of them; a family name is enough."""
    return any(match_score(word, vocabulary(text)) >= NAME_HELD for word in speakers)
