"""What every request passes: sign-in, permissions, limits, errors, logs, streams.

It takes requests and hands them to the routes of `api`, `mcp` and `web`, or answers with problem details.
"""
