"""Users, API keys, sessions and embed tokens: who may use a server.

It takes the credentials of a request and gives a `Caller` with a role, or raises `NotSignedIn`. It knows no HTTP.

    callers         the caller, and what a role allows   identification  finds the caller by the credentials
    accounts        users and keys as they are stored    store           where: a file, or the shared Chroma
    accounts_from_settings   users and keys in the settings       passwords       their hashes
    embed_tokens    short-lived tokens for embedding     rate_limits     how often, how many at a time
    administration  adding and removing users and keys   commands        the same on the command line
"""
