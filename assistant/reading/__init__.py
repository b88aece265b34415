"""Which sentence of a passage answers a question, or that none does."""
