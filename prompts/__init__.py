"""Prompts as files with ``$names``; `assistant.prompting` fills them in."""
