"""What other tools do with a collection, each as its own guide shows it. Runs in the environment of one of them.

    python -P peer_pipelines.py JOB.json RESULT.json

`peers.py` makes the environments and the jobs. Nothing of the product is imported here. Each pipeline takes texts by their
names, and gives for a question the chunks that it finds first, each with the name of its text.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

FIRST = 10  # chunks that are asked for
Chunk = tuple[str, str]  # the name of the text that it is of, and its own text


class PeerPipeline(Protocol):
    chunks: list[str]

    def add(self, texts: Mapping[str, str]) -> None: ...

    def find(self, question: str) -> list[Chunk]: ...


class _LangChain:
    """RecursiveCharacterTextSplitter, HuggingFaceEmbeddings, Chroma."""

    def __init__(self, model: str, prefixes: tuple[str, str], folder: str) -> None:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings

        query, passage = prefixes
        embeddings = HuggingFaceEmbeddings(
            model_name=model,
            encode_kwargs={"prompt": passage} if passage else {},
            query_encode_kwargs={"prompt": query} if query else {},
        )
        embeddings.embed_query("warm")
        self.chunks: list[str] = []
        self.documents: list[Any] = []
        self.store = Chroma(embedding_function=embeddings, persist_directory=folder)

    def add(self, texts: Mapping[str, str]) -> None:
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        for name, text in texts.items():
            documents = splitter.split_documents([Document(text, metadata={"source": name})])
            self.store.add_documents(documents)
            self.documents.extend(documents)
        self.chunks = [document.page_content for document in self.documents]

    def find(self, question: str) -> list[Chunk]:
        found = self.store.similarity_search(question, k=FIRST)
        return [(document.metadata["source"], document.page_content) for document in found]


class _LangChainEnsemble(_LangChain):
    """The same, and BM25 beside it, as halves of an EnsembleRetriever."""

    def add(self, texts: Mapping[str, str]) -> None:
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever

        super().add(texts)
        words = BM25Retriever.from_documents(self.documents, k=FIRST)
        vectors = self.store.as_retriever(search_kwargs={"k": FIRST})
        self.retriever = EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])

    def find(self, question: str) -> list[Chunk]:
        found = self.retriever.invoke(question)[:FIRST]
        return [(document.metadata["source"], document.page_content) for document in found]


class _LlamaIndex:
    """VectorStoreIndex with the splitter and the store that it takes by itself."""

    def __init__(self, model: str, prefixes: tuple[str, str], folder: str) -> None:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        query, passage = prefixes
        # It puts a space between an instruction and the text.
        self.embedding = HuggingFaceEmbedding(
            model_name=model,
            query_instruction=query.rstrip(),
            text_instruction=passage.rstrip(),
            device="cpu",
        )
        self.embedding.get_query_embedding("warm")
        self.chunks: list[str] = []

    def add(self, texts: Mapping[str, str]) -> None:
        from llama_index.core import Document, VectorStoreIndex

        documents = [Document(text=text, id_=name) for name, text in texts.items()]
        index = VectorStoreIndex.from_documents(documents, embed_model=self.embedding)
        self.retriever = index.as_retriever(similarity_top_k=FIRST)
        self.chunks = [node.get_content() for node in index.docstore.docs.values()]

    def find(self, question: str) -> list[Chunk]:
        return [
            (found.node.ref_doc_id, found.node.get_content()) for found in self.retriever.retrieve(question)
        ]


class _Haystack:
    """DocumentSplitter, the store in memory, BM25 and vectors joined by reciprocal ranks."""

    def __init__(self, model: str, prefixes: tuple[str, str], folder: str) -> None:
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.utils import ComponentDevice
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        query, passage = prefixes
        device = ComponentDevice.from_str("cpu")
        self.texts = SentenceTransformersTextEmbedder(
            model=model, device=device, prefix=query, progress_bar=False
        )
        self.documents = SentenceTransformersDocumentEmbedder(
            model=model, device=device, prefix=passage, progress_bar=False
        )
        for component in (self.texts, self.documents):
            component.warm_up()
        self.texts.run("warm")
        self.store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self.chunks: list[str] = []

    def add(self, texts: Mapping[str, str]) -> None:
        from haystack import Document
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever

        splitter = DocumentSplitter()
        splitter.warm_up()
        documents = [Document(content=text, meta={"source": name}) for name, text in texts.items()]
        split = splitter.run(documents)["documents"]
        self.store.write_documents(self.documents.run(split)["documents"])
        self.chunks = [document.content for document in split]
        self.words = InMemoryBM25Retriever(self.store, top_k=FIRST)
        self.vectors = InMemoryEmbeddingRetriever(self.store, top_k=FIRST)
        self.joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=FIRST)

    def find(self, question: str) -> list[Chunk]:
        vector = self.texts.run(question)["embedding"]
        lists = [self.words.run(question)["documents"], self.vectors.run(vector)["documents"]]
        found = self.joiner.run(lists)["documents"]
        return [(document.meta["source"], document.content) for document in found]


class _Txtai:
    """Embeddings with ``hybrid``, over paragraphs, as its Textractor cuts them."""

    def __init__(self, model: str, prefixes: tuple[str, str], folder: str) -> None:
        from txtai import Embeddings

        query, passage = prefixes
        instructions = {"instructions": {"query": query, "data": passage}} if query else {}
        self.index = Embeddings(path=model, hybrid=True, content=True, gpu=False, **instructions)
        self.chunks: list[str] = []

    def add(self, texts: Mapping[str, str]) -> None:
        rows = []
        for name, text in texts.items():
            paragraphs = [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
            rows += [(f"{name}#{number}", paragraph) for number, paragraph in enumerate(paragraphs)]
        self.index.index(rows)
        self.chunks = [text for _, text in rows]

    def find(self, question: str) -> list[Chunk]:
        return [(found["id"].split("#")[0], found["text"]) for found in self.index.search(question, FIRST)]


PIPELINES: dict[str, Callable[[str, tuple[str, str], str], PeerPipeline]] = {
    "langchain": _LangChain,
    "langchain-ensemble": _LangChainEnsemble,
    "llamaindex": _LlamaIndex,
    "haystack": _Haystack,
    "txtai": _Txtai,
}


def unread(chunks: Sequence[str], folder: str, prefix: str) -> tuple[int, int]:
    """How many words of the chunks stand behind what the model reads, and how many words there are."""
    from tokenizers import Tokenizer

    model = Path(folder)
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    most = json.loads((model / "sentence_bert_config.json").read_text("utf-8"))["max_seq_length"]
    lost = total = 0
    for chunk in chunks:
        total += len(chunk.split())
        encoding = tokenizer.encode(prefix + chunk)
        if len(encoding.ids) > most:
            end = encoding.offsets[most - 2][1] - len(
                prefix
            )  # its last token is the special one that ends it
            lost += len(chunk[end:].split())
    return lost, total


def _peak() -> float:
    """The largest memory of this program so far, in megabytes; `getrusage` would count that of the program that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(
    pipeline: PeerPipeline, texts: Mapping[str, str], asked: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """What adding the texts and asking took, and what was found for each list of questions."""
    began, used = time.perf_counter(), time.process_time()
    pipeline.add(texts)
    adding, adding_cpu = time.perf_counter() - began, time.process_time() - used
    found: dict[str, list[list[Chunk]]] = {}
    milliseconds, processor = [], []
    for name, questions in asked.items():
        found[name] = []
        for question in questions:
            began, used = time.perf_counter(), time.process_time()
            found[name].append(pipeline.find(question))
            milliseconds.append(1e3 * (time.perf_counter() - began))
            processor.append(1e3 * (time.process_time() - used))
    return {
        "adding": adding,
        "adding_cpu": adding_cpu,
        "milliseconds": milliseconds,
        "processor": processor,
        "found": found,
        "chunks": len(pipeline.chunks),
        "peak": _peak(),
    }


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    os.environ.update(HF_HUB_OFFLINE="1", ANONYMIZED_TELEMETRY="False", HAYSTACK_TELEMETRY_ENABLED="False")
    prefixes = tuple(job["prefixes"])
    pipeline = PIPELINES[job["pipeline"]](job["model"], prefixes, job["folder"])
    result = measured(pipeline, job["texts"], job["asked"])
    result["lost"], result["words"] = unread(pipeline.chunks, job["model"], prefixes[1])
    Path(sys.argv[2]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
