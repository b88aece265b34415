"""The JSON API: routes, and the schemas of what goes in and out."""
