"""The HTTP server: the JSON API, and the web pages mounted beside it."""
