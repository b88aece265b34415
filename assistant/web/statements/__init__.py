"""The page of statements: who said what, in all documents."""
