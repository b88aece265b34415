"""Shared by all pages: escaped HTML, links, translations, the page header, and the middleware for their head."""
