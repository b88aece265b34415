"""Pages that show the beginning of an article and ask for a subscription to read on: told by what stands below the text,
in German and English, and by what a page says of itself to search engines.

What a subscriber has saved says the same of itself but asks for nothing any more: it is an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ingest.loaders.blocks import Block, one_line

_TEASER, _DECLARED_TEASER = 1_500, 3_000  # characters of text above a paywall
_LONGEST = 300  # characters of a block that asks for a subscription
_AFTER = 1  # sentences of the article that may stand below
_SENTENCE = 60  # characters
_DECLARED = re.compile(
    r"[\"']isAccessibleForFree[\"']\s*:\s*[\"']?(?:https?://schema\.org/)?(true|false)", re.I
)
_WALL = re.compile(
    r"(?<!no-)(?<!non-)(?<!no)paywall|regwall|subscribe-?wall|piano-?(?:offer|inline)|premium-?(?:wall|barrier)",
    re.I,
)
_ARTICLE = r"(?:artikel|beitrag|text|inhalt|bericht)\w*"
_SUBSCRIBER = r"(?:abonnent|abonnement|abo\b|digitalabo|probeabo|mitglied|registrier)\w*"
_ASKING = re.compile(
    # German: reading on, with a subscription or after signing in
    rf"\b(?:weiter ?lesen|weiterzulesen|zu ende lesen)\b.{{0,80}}(?:{_SUBSCRIBER}|plus\b|\+|abonnier\w*|anmeld\w*|kostenlos test\w*)"
    rf"|(?:{_SUBSCRIBER}|abonnier\w*|anmeld\w*|plus|\+).{{0,80}}\b(?:weiter ?lesen|weiterzulesen|zu ende (?:zu )?lesen)\b"
    rf"|\b(?:dieser|diese|diesen|der ganze|den ganzen|der vollständige|den vollständigen|der komplette|den kompletten) {_ARTICLE}"
    rf".{{0,80}}(?:{_SUBSCRIBER}|\bplus\b|kostenpflichtig|abonnier\w*)"
    rf"|\b(?:exklusiv|nur|ausschließlich) (?:für|mit) (?:\w+ )?{_SUBSCRIBER}"
    rf"|\b(?:sie (?:haben|sind)|du (?:hast|bist)|ich (?:habe|bin)) (?:bereits|schon) (?:ein |eine |unser )?(?:\w+-?)?{_SUBSCRIBER}\b.{{0,3}}[?.:]?"
    # English
    r"|\b(?:subscribe|sign ?up|sign ?in|log ?in|register|create (?:a|your) (?:free )?account|become a member|join)\b.{0,60}"
    r"\b(?:to|and) (?:continue|keep|finish|read|unlock|access)\b.{0,40}(?:reading|article|story|full|rest)?"
    r"|\bcontinue reading\b.{0,60}\b(?:subscri|account|free trial|member|register)"
    r"|\bto (?:continue|keep) reading\b.{0,60}\b(?:subscri|account|trial|register|sign in|log in)"
    r"|\b(?:this|the full|the rest of this|the entire) (?:article|story|content|post|report)\b.{0,60}\b(?:subscribers?|members?|subscription)\b"
    r"|\balready (?:a |have a )?(?:paid )?(?:subscri\w+|member|an account)\b"
    r"|\b(?:exclusively |only )(?:for|to) (?:our |paying |paid )?(?:subscribers|members)\b|\b(?:subscribers?|members?)[- ]only\b"
    r"|\byou(?:’|'| ha)ve (?:reached|read|used)\b.{0,40}\b(?:limit|free (?:articles|stories))",
    re.I | re.S,
)


def shows_paywall(root: Any, whole: Sequence[Block], article: Sequence[Block]) -> bool:
    """Does the page ``root`` with the visible blocks ``whole`` ask for a subscription below what there is of its ``article``?"""
    texts = [block for block in article if not block.heading and not _asks(block)]
    length = sum(len(block.text) for block in texts)
    declared = _declared_free(root)
    if declared is True or length > (_DECLARED_TEASER if declared is False else _TEASER):
        return False
    walls = [number for number, block in enumerate(whole) if _asks(block)]
    marked = declared is False or _has_wall(root)
    if not walls:
        return marked and _asks_beside(root)
    sentences = {block.text for block in texts if len(block.text) >= _SENTENCE}
    below = sum(block.text in sentences for block in whole[walls[-1] + 1 :])
    several = len({whole[number].text for number in walls}) > 1
    return below <= _AFTER and (marked or several)


def _asks_beside(root: Any) -> bool:
    """Is a subscription asked for in what is no running text?"""
    texts = (one_line(one.text_content()) for one in root.iter("aside", "button", "a", "form"))
    return any(len(text) <= _LONGEST and _ASKING.search(text) for text in texts)


def _asks(block: Block) -> bool:
    return len(block.text) <= _LONGEST and _ASKING.search(block.text) is not None


def _declared_free(root: Any) -> bool | None:
    """Whether everybody may read the article, as the page says to search engines; None where it does not say."""
    scripts = (script.text or "" for script in root.iter("script") if "json" in script.get("type", ""))
    declared = {match[1].lower() for script in scripts for match in _DECLARED.finditer(script)}
    if declared:  # of this article and of others that the page leads to: which is whose cannot be told
        return declared == {"true"} if len(declared) == 1 else None
    for meta in root.iter("meta"):
        if meta.get("property", "") == "article:content_tier":
            return {"free": True, "locked": False}.get(meta.get("content", "").strip().lower())
    return None


def _has_wall(root: Any) -> bool:
    """Is a part of the page called a paywall by those who made it?"""
    return any(
        _WALL.search(f"{one.get('class', '')} {one.get('id', '')}") and one_line(one.text_content())
        for one in root.iter("div", "section", "aside", "article")
    )
