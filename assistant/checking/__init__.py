"""Whether the sentences that a statement cites support it.

It takes a statement and its quotes and gives a verdict with the reason: a figure, a date or a name that the quotes
lack, a negation that they do not have or that is lost. It knows nothing of retrieval.
"""
