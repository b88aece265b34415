"""Pages that answer as an article would but hold none: told by their structure and, in German and English, by their wording.

Only short pages are looked at, and only where little else stands in them: articles about cookies or scripts are articles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.errors import ReasonCode
from ingest.loaders.blocks import Block, one_line

_SHORT = 1_500  # characters of a page that may be no article
_ELSE = 300  # characters that such a page may have besides
_HARDLY = 120  # characters: a line or two
_SOON = 10.0  # seconds after which a page that leads on does so

_REFRESH = re.compile(r"\s*(\d*\.?\d*)\s*[;,]?\s*url\s*=\s*[\"']?\s*([^\"'\s]+)", re.I)
_SCRIPT = re.compile(
    r"(?:enabl|activat|requir|turn(?:ed)? on|need|support|aktivier|einschalt|benötig|erforder)\w*\W.{0,60}\bjava\s?script"
    r"|\bjava\s?script\b.{0,80}(?:disabled|enabled?|required|turned|deaktivier|aktivier|ausgeschaltet|eingeschaltet|erforder|benötig|ausführ)",
    re.I | re.S,
)
_MISSING = re.compile(
    r"\b(?:error|fehler|http|status)\W{0,3}(?:code\W{0,3})?4(?:04|10)\b|^\W*4(?:04|10)\b"
    r"|^\W*(?:the |die |der |das |diese[rs]? )?(?:page|article|document|content|story|seite|artikel|dokument|inhalt|beitrag)"
    r"\W+(?:(?:was|could|is|wurde|konnte|ist|leider)\W+)*(?:not (?:be )?found|not available|nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden))"
    r"|^\W*not found\W*$|\b(?:gesuchte|angeforderte|gewünschte|aufgerufene)[nrs]? (?:seite|artikel|inhalt|adresse|url|dokument|beitrag)"
    r"|\b(?:page|article|url|content|story|file)s? (?:that )?(?:you (?:are|were|re) (?:looking|searching) for|you(?:’|')re looking for|you (?:have )?requested)"
    r"|\brequested (?:page|url|article|document|resource)"
    r"|\b(?:page|article|content|story) is (?:no longer|not) available|^\W*(?:oops|ups|hoppla)\b"
    r"|\b(?:seite|artikel|adresse) (?:existiert|gibt es|wurde|konnte|ist) (?:hier |leider )*nicht"
    r"|\b(?:page|article|story|seite|artikel|beitrag|inhalt) (?:(?:has|was|wurde|been|ist|leider|inzwischen) )+(?:removed|deleted|moved|gelöscht|entfernt|verschoben)"
    r"|\bpage (?:does not|doesn.t|no longer) exists?|\b(?:page|article) (?:can ?not|can.t|could not|couldn.t) be found",
    re.I,
)
_HUMAN = re.compile(
    r"just a moment|checking (?:if the site|your browser)|(?:verify|confirm|prove)\w*\W(?:that )?you(?:’|'| a)re (?:a )?(?:human|not a (?:ro)?bot)"
    r"|are you (?:a )?(?:human|robot)|security check|unusual traffic|captcha|\bray id\b|(?:kein|ein) (?:ro)?bot(?:er)? sind"
    r"|sind sie ein (?:mensch|roboter)|sicherheitsüberprüfung|ungewöhnliche[nr]? (?:datenverkehr|zugriffe)|browser wird überprüft",
    re.I,
)
_AGREEING = re.compile(
    r"\b(?:zustimm|stimm|zugestimmt|einwillig|akzeptier|einverstanden|accept|agree|consent|allow all|alle erlauben|alle zulassen)\w*",
    re.I,
)
_SIGNING_IN = re.compile(
    r"\b(?:sign|log)(?:ged)? ?in\b|\blogin\b|\bsubscribe|\banmeld|\bmelden sie sich\b|\beinlogg|\babonn|\bpassword|\bpasswort",
    re.I,
)
_LEADING_ON = re.compile(
    r"\b(?:being|are|will be) redirected\b|\bredirecting\b|\bweitergeleitet\b|\bweiterleitung\b", re.I
)
# How a notice speaks to its reader.
_TO_READER = re.compile(r"\b(?:[Pp]lease|[Yy]ou|[Yy]our|[Bb]itte|Sie|Ihre?[mnrs]?|[Dd]u|[Dd]eine?[mnrs]?)\b")
_ABOUT_DATA = re.compile(
    r"\bcookies?\b|\b(?:personenbezogene\w*|ihre[rn]?|your|personal) (?:daten|data)\b|\bdatenschutz|\btracking\b|\bprivacy\b"
    r"|\b\d* ?(?:partner|partners|partnern|drittanbieter\w*|third.part(?:y|ies)|vendors)\b|\bwerbefrei|\bpersonali[sz]ed ads\b"
    r"|\bpersonalisierte\w* (?:werbung|anzeigen)",
    re.I,
)

Why = tuple[ReasonCode, Mapping[str, str]]


def why_no_article(root: Any, blocks: Sequence[Block]) -> Why | None:
    """Why the page ``root`` with the visible ``blocks`` holds no article: a reason's code and values; None where it may."""
    if root is None or sum(len(block.text) for block in blocks) > _SHORT:
        return None
    words = [block.text for block in blocks]
    body = [block.text for block in blocks if not block.heading]
    title = one_line(root.findtext(".//title") or "")
    if (address := _leads_on(root) or _linked(root, words)) and _little_but(blocks, (_LEADING_ON,)):
        return "leads_on", {"address": address}
    unseen = [one_line(one.text_content()) for one in root.iter("noscript")]
    if _says(_SCRIPT, words, unseen) and _little_but(blocks, (_SCRIPT,)):
        return "needs_script", {}
    if _is_missing(title, words, body) and _little_but(blocks, (_MISSING,)):
        return "says_missing", {}
    if sum(map(bool, map(_HUMAN.search, [title, *words]))) >= 2 and _little_but(blocks, (_HUMAN,)):
        return "asks_human", {}
    if _asks_for_consent(root, words) and _little_but(blocks, (_AGREEING, _ABOUT_DATA)):
        return "asks_consent", {}
    if _asks_to_sign_in(root, [title, *words]) and _little_but(blocks, (_SIGNING_IN,)):
        return "asks_to_sign_in", {}
    return None


def _says(notice: re.Pattern[str], words: Sequence[str], unseen: Sequence[str]) -> bool:
    """Is there a notice to the reader? An article on the same matter does not speak to its reader, and is longer."""
    if any(map(notice.search, unseen)):
        return True
    noticed = [text for text in words if notice.search(text)]
    return any(map(_TO_READER.search, noticed)) or (bool(noticed) and sum(map(len, words)) <= _HARDLY)


def _is_missing(title: str, words: Sequence[str], body: Sequence[str]) -> bool:
    """Do title and text say that there is nothing, or does the only line of the page?"""
    said = sum(map(bool, map(_MISSING.search, [title, *words])))
    hardly = sum(map(len, body)) <= _HARDLY
    return (said >= 2 and (hardly or any(map(_MISSING.search, body)))) or (
        said == 1 and hardly and len(body) <= 2
    )


def _asks_to_sign_in(root: Any, words: Sequence[str]) -> bool:
    """Is there a field for a password, and hardly a word that does not belong to it?"""
    fields = any(one.get("type", "").lower() == "password" for one in root.iter("input"))
    return fields and any(map(_SIGNING_IN.search, words))


def _linked(root: Any, words: Sequence[str]) -> str:
    """Where the link of a page leads that says that it leads on; empty where it does not say so."""
    if not any(map(_LEADING_ON.search, words)) or sum(map(len, words)) > 2 * _HARDLY:
        return ""
    return next((one_line(one.get("href"))[:500] for one in root.iter("a") if one.get("href")), "")


def _leads_on(root: Any) -> str:
    """Where a page leads by itself after a few seconds; empty where it stays."""
    for meta in root.iter("meta"):
        if meta.get("http-equiv", "").strip().lower() == "refresh":
            match = _REFRESH.match(meta.get("content", ""))
            if match and float(match[1].strip(".") or 0) <= _SOON:
                return one_line(match[2])[:500]
    return ""


def _asks_for_consent(root: Any, words: Sequence[str]) -> bool:
    """Does it ask to agree to the use of data, with something to click on for that?"""
    asking = any(_AGREEING.search(text) and _ABOUT_DATA.search(text) for text in [" ".join(words), *words])
    clicked = [
        one_line(f"{one.text_content()} {one.get('value', '')} {one.get('aria-label', '')}")
        for one in root.iter("button", "input", "a")
    ]
    return asking and any(len(text) <= 60 and _AGREEING.search(text) for text in clicked)


def _little_but(blocks: Sequence[Block], known: Sequence[re.Pattern[str]]) -> bool:
    """Is there hardly any text besides headings and what the patterns know?"""
    others = [
        block for block in blocks if not block.heading and not any(one.search(block.text) for one in known)
    ]
    return sum(len(block.text) for block in others) <= _ELSE
