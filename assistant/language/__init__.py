"""Words in any language: base forms, equivalents in other languages, and whether a text has a word in any spelling.

It takes words and texts and knows no questions, no documents and no index.
"""
