"""What goes in and out over the wire as JSON. Names change only with a major version."""
