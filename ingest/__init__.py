"""Reading articles into an index. Imports nothing from `assistant`."""
