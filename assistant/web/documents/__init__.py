"""The documents page: what there is, and finding, opening, asking about and deleting it."""
