"""What every request passes, whatever it asks for: who sends it, whether they may, limits, errors, logs, streams.

It takes requests and gives them to the routes of `api`, `mcp` and `web`, or answers with a problem.
"""
