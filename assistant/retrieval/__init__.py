"""A question in, passages out.

It takes a question, with what was asked before, and gives the passages that may answer it, best first: `query` understands
the question, `rewriting` makes a follow-up stand alone, `search` finds.
"""
