"""Questions that are kept and asked again as documents arrive: which of them a new document may answer, and what is new in it.

Questions and a document in, new findings out. Where they are kept, and whom they are told to, is `assistant.service`.
"""
