"""Passages in, an answer with citations out.

It takes a question and the retrieved passages, and returns statements with their citations: quoted (`extractive`) or
written by a language model (`generative`), or a `refusal`.
"""
