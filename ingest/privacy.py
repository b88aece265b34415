"""Nothing leaves the machine unasked: telemetry is off, and no hub is asked for a local model. Libraries print no warnings."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path

from ingest.settings import BUNDLED_MODELS

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

    Where all ``models`` are bundled or in folders, the Hugging Face hub is never asked.
    """
    os.environ.update(_TELEMETRY_OFF)
    is_local = all(not model or model in BUNDLED_MODELS or Path(model).is_dir() for model in models)
    offline = {"HF_HUB_OFFLINE": "1"} if is_local else {}
    for name, value in (_QUIET | offline).items():
        os.environ.setdefault(name, value)


def silence() -> None:
    """Keep the warnings of libraries off a command's terminal, unless Python was asked to show them."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
