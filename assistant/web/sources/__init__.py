"""The page source by source: what each document, outlet or story says to a question."""
