"""The commands of `assistant`, one a module: each takes its options, asks the assistant or the running server, and prints."""
