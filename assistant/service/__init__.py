"""What a running server holds: the assistant, the queue of documents to ingest, originals, and what can be undone.

It takes files, addresses and clicks, and gives jobs, documents and suggestions; it knows nothing of HTTP.
"""
