"""Nothing leaves the machine unasked: telemetry off, no hub for a model that is here. And libraries keep quiet."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path

from ingest.settings import BUNDLED_MODEL

_TELEMETRY_OFF = {
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    # LangChain would send every prompt to LangSmith, or through its gateway.
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGCHAIN_HANDLER": "",
    "LANGSMITH_GATEWAY": "false",
}
_QUIET = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
}


def quiet(*models: str) -> None:
    """Set what libraries read from the environment; call it before they are imported.

    With the bundled model, or ones in folders, the Hugging Face hub is never asked.
    """
    os.environ.update(_TELEMETRY_OFF)
    here = all(model == BUNDLED_MODEL or Path(model).is_dir() for model in models)
    local = {"HF_HUB_OFFLINE": "1"} if here else {}
    for name, value in (_QUIET | local).items():
        os.environ.setdefault(name, value)


def silence() -> None:
    """Keep the warnings of libraries off a command's terminal, unless Python was asked to show them."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
