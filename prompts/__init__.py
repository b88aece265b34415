"""Prompts as files with ``$names``; `assistant.llm.prompts` fills them in."""
