"""The documents as tools for other assistants, by the Model Context Protocol.

It takes calls of tools and returns their results, which `assistant.client` makes in this process or through a server.

tools       names, arguments and results of the tools
transports  over HTTP, at /mcp of the server, and over standard input and output (`assistant mcp`)
endpoint    /mcp before its library is loaded
"""
