"""A text cut up: its sentences, passages, language, and the folded spelling of its words. Pure functions."""
