"""The embedded chat for frames on other sites, and the script of the button that opens it."""
