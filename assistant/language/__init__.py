"""What a word may be called, in any language: base forms, equivalents, spellings.

It takes words and gives what they are called in the sources, and whether a text has them. It knows no questions
and no documents.
"""
