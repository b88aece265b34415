"""The web pages: chat and documents on Gradio, the source viewer and the embedded chat as plain HTML.

``mounting`` puts them all on a FastAPI app. One folder for each page: ``chat``, ``documents``, ``viewer``, ``embed``;
they share ``kit`` (escaped HTML, translations, the page header), ``answer`` (an answer as HTML and as exported text)
and ``uploads`` (the form that adds documents). Scripts and styles are in ``static``, named like the modules they serve.
"""
