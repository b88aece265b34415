"""The language model that writes answers: any chat model that LangChain can open, or one in this process.

model       opens the configured one           reply       what it says, as it comes, over an event loop
in_process  a transformers model, no server    failures    what went wrong, in words
"""
