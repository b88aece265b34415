"""The documents as tools for other assistants, by the Model Context Protocol.

toolbox  what the tools do, here or through a running server     http   at /mcp of the server
tools    what they are called, and what they take and give       stdio  `assistant mcp`
"""
