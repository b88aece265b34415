"""The source viewer: a document's whole text with its citations marked, search, and images of the original pages."""
