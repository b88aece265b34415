"""A question in, passages out.

It takes a question and the earlier turns of the conversation, and returns the passages that may answer it, best first:
`query` understands the question, `rewriting` makes a follow-up standalone, `search` ranks the passages, `retriever` puts them
together.
"""
