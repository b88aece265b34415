"""Whose words a text tells: takes a document's text and gives its quotations, with speaker, kind and offsets. Pure.

`find_quotations` reads German and English by rules over sentences. Another language is a table like `german.py`.
"""

from ingest.quotations.finding import find_quotations
from ingest.quotations.passages import EDITION, with_quotations

__all__ = ["EDITION", "find_quotations", "with_quotations"]
