"""The page that tells whether the quotes in a file still stand."""
