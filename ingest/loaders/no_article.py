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
    if (address := _leads_on(root)) and _little_but(blocks, ()):
        return "leads_on", {"address": address}
    words = [block.text for block in blocks]
    title = one_line(root.findtext(".//title") or "")
    unseen = [one_line(one.text_content()) for one in root.iter("noscript")]
    if any(map(_SCRIPT.search, [*words, *unseen])) and _little_but(blocks, (_SCRIPT,)):
        return "needs_script", {}
    if sum(map(bool, map(_MISSING.search, [title, *words]))) >= 2 and _little_but(blocks, (_MISSING,)):
        return "says_missing", {}
    if sum(map(bool, map(_HUMAN.search, [title, *words]))) >= 2 and _little_but(blocks, (_HUMAN,)):
        return "asks_human", {}
    if _asks_for_consent(root, words) and _little_but(blocks, (_AGREEING, _ABOUT_DATA)):
        return "asks_consent", {}
    return None


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
