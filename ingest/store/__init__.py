"""Where documents are kept and found: Chroma holds the record, Tantivy a lexical index derived from it.

`index` is the one door; it takes prepared documents and gives passages by meaning and by spelling.
"""
