"""Source by source: a question in, out for each document, outlet or story its own best sentence, or that it is silent.

Whether a document answers is judged as an answer from this document alone would be.
"""
