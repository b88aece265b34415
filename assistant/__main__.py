"""``python -m assistant``, for where the command is not on the path."""

from assistant.cli import main

raise SystemExit(main())
