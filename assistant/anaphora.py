"""Whether a sentence can be understood without the one before it."""

from __future__ import annotations

import re

_BEGINS = re.compile(
    r"^[\s\"'„“‚‘«»]*(?:Er|Sie|Ihr|Ihre[mnrs]?|Sein|Seine[mnrs]?|Dies|Diese[mnrs]?|Beide|Letztere[mnrs]?"
    r"|He|She|They|His|Her|Their|This|These|Those|Both|The latter)\b"
)
_SPEAKS = re.compile(
    r"\b(?:sagte|sagt|erklärte|betonte|meinte|schrieb|ergänzte|warnte|forderte|berichtete|sprach|fügte|teilte"
    r"|bekräftigte|räumte|kündigte|antwortete|behauptete)\s+(?:er|sie)\b"
    r"|[\"“”»«’,]\s+so\s+(?:er|sie)\b"
    r"|\b(?:he|she|they)\s+(?:said|says|added|told|wrote|warned|argued|explained|insisted|claimed|noted|replied)\b"
    r"|\b(?:said|added)\s+(?:he|she|they)\b"
)


def leans_on_the_one_before(sentence: str) -> bool:
    """Whether ``sentence`` speaks of somebody or something that only its predecessor names."""
    return bool(_BEGINS.search(sentence) or _SPEAKS.search(sentence))
