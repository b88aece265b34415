"""``python -m ingest``, for where the command is not on the path."""

from ingest.cli import main

raise SystemExit(main())
