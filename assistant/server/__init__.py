"""Composition only: the application put together, and run.

It takes the settings (`run.serve`), or a service and the settings (`app.create_app`), and gives a server that runs until it
is stopped, or an ASGI application. `lazy_pages` imports the web pages in the background.
"""
