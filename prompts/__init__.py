"""Prompts as files with ``$names``."""
