"""The chat page: its layout, what happens on it, and what the browser keeps of it."""
