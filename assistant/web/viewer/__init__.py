"""The source viewer: a document's whole text, the cited words marked and scrolled into view."""
