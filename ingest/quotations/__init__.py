"""Whose words a text tells: takes a document's text and gives its quotations, with speaker, kind and offsets. Pure.

`find_quotations` reads German and English by rules over sentences. Another language is a table like `german.py`.
"""

from ingest.quotations.finding import find_quotations
from ingest.quotations.types import Extent, Quotation, QuotationKind

__all__ = ["Extent", "Quotation", "QuotationKind", "find_quotations"]
