"""Composition only: the application put together, and run."""
