"""Who may use a server, and how they show who they are.

    callers      who is asking, and what their role allows     directory  finds that out from what they show
    records      users and keys as they are stored             store      where: a file, or the shared Chroma
    configured   users and keys out of the settings            passwords  their hashes
    tokens       short-lived tokens for embedded chats         limits     how often, how many at a time

Nothing here knows HTTP.
"""
