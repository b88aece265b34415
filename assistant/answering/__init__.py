"""Passages in, an answer with citations out.

It takes a question and the passages found, and gives statements with their citations: quoted (`extractive`) or written by a
language model (`generative`), or one honest `refusal`.
"""
