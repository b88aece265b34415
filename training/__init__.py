"""Makes the reader's weights: which sentence of a passage answers a question, or that none does."""
