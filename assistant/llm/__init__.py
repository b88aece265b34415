"""The language model that writes answers: any chat model that LangChain can open, or one in this process.

model       opens the configured one           reply       the text of a reply as it comes, over an event loop
in_process  a transformers model, no server    failures    the kinds of errors, whatever library raised them
prompts     fills in the files of `prompts/`
"""
