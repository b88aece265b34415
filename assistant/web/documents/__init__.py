"""The documents page: numbers, the table with search and selection, deleting and undoing."""
