"""Texts in, unit vectors out: of whole passages, of each of their sentences, of questions."""
