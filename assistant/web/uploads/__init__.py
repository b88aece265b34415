"""Adding documents from a page: the form, and how far each document has come."""
