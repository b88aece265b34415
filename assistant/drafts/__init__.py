"""A draft checked against the documents: its sentences and its quotations in, what bears each of them out.

Takes a text that somebody is about to publish, and gives a verdict for each sentence and each quotation, with where the documents say it.
"""
