"""Whose words a text tells: takes a document's text and gives its quotations, with speaker, kind and offsets. Pure.

`find_quotations` reads German and English by rules over sentences. Another language is a table like `german.py`.
"""

from ingest.quotations.finding import STEP, find_quotations, quotations_in_steps
from ingest.quotations.passages import EDITION, with_quotations

__all__ = ["EDITION", "STEP", "find_quotations", "quotations_in_steps", "with_quotations"]
