"""Whether the sentences that a statement cites bear it out.

It takes a statement and its quotes and says what differs: figures, dates, names, negations. It knows nothing of retrieval.
"""
