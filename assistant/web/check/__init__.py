"""The page on which a draft is checked: pasted or uploaded, with its marks and what the documents have."""
