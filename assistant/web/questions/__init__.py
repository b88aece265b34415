"""The page of standing questions: what is new to each, and where it is told."""
