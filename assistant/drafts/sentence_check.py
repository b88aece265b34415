"""A draft's sentences compared with what the documents say: borne out, otherwise, only claimed, or not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.copies import told_once
from assistant.answering.evidence import Sentence, sentences_of, with_similarities
from assistant.answering.extractive import needs_the_one_before
from assistant.answering.word_vectors import WordEmbeddings
from assistant.checking.names import missing_name
from assistant.checking.told_as_fact import told_as_fact
from assistant.drafts.cited import CitedPlaces
from assistant.drafts.comparing import (
    ComparedSentences,
    StatedSentence,
    compared,
    ranked_by_words,
    surroundings_of,
)
from assistant.drafts.faults import Fault, SentenceText, counterparts
from assistant.drafts.parts import DraftSentence, speaker_of
from assistant.drafts.speakers import GivenSpeaker, given_speaker, misattributed
from assistant.drafts.types import CheckedSentence, Draft, DraftDifference
from assistant.drafts.wording import reason
from assistant.language.lexicon import Lexicon
from assistant.language.words import Word
from assistant.retrieval.retriever import HITS, Retriever
from assistant.retrieval.search import sentence_vectors
from assistant.types import Filters
from ingest.embedding.types import Embedder
from ingest.quotations.finding import grammar_of
from ingest.settings import MULTILINGUAL_MODEL
from ingest.store.index import Index
from ingest.text.folding import tokens

NEAREST = 3
# How much of a sentence other sentences must have to bear it out: the share of its words and how near they are in meaning, which says
# more where words are exchanged or translated: a deviation more is `NEARNESS`, counted from `USUAL` on, and nothing below `DISTANT`.
# In another language, whose words no lexicon has all, what is nearer than usual counts more.
# To differ from it they must have more: `SAME` of its words where the language is the same, and `WHOLE` with what is otherwise.
# Chosen on the articles of `benchmarks.drafts` that are looked at, and on half of the sentences reworded by hand.
BORNE, SAME_FOREIGN, SAME, DENIED = 0.5, 0.45, 0.6, 0.8
WHOLE, WHOLE_FOREIGN = 0.4, 0.2
FEW, ALL_OF_FEW = (
    4,
    0.8,
)  # of so few words nearly all must be there for a name to be another one: other events have some of them
NEARNESS, NEARNESS_FOREIGN, USUAL, DISTANT = 0.05, 0.1, 5.0, 3.0
UNMEASURED, UNMEASURED_FOREIGN = (
    0.6,
    0.4,
)  # the share of words where nearness in meaning can't be judged by itself
# By how much one that bears it out may have less than the one that has most: another event may have the figure that was mistaken.
NEARLY = 0.15
MOST_FAULTS = 3  # a sentence in which more is otherwise tells something else
_COMPARED, _RANKED = 4, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceChecker:
    """Checks the sentences of one draft."""

    index: Index
    embedder: Embedder
    retriever: Retriever
    lexicon: Lexicon
    draft: Draft
    filters: Filters
    cited: CitedPlaces

    def check(self, sentence: DraftSentence) -> CheckedSentence:
        """The sentence with its verdict. Raises `Outdated` where a document goes meanwhile."""
        if not sentence.claims:
            return CheckedSentence(
                text=sentence.text, start=sentence.start, end=sentence.end, verdict="no_claim"
            )
        given = given_speaker(sentence, self.draft.text)
        stated = StatedSentence(
            reading=SentenceText(text=sentence.text, language=self.draft.language),
            words=self._words(sentence.text, given),
            speaker=given.name if given else "",
            told=given.told if given else "",
        )
        ranked = self._ranked(sentence, stated)
        found = self._compared(stated, ranked)
        best = max((one.share for one in found), default=0.0)
        bearing = [one for one in found if one.share >= best - NEARLY and self._bears_out(one)]
        for one in bearing:
            if not self._wrong_speaker(given, one):
                return self._borne_out(sentence, one)
        contrary = [one for one in found if self._is_contrary(one)]
        if bearing or contrary:
            chosen = max([*bearing, *contrary], key=lambda one: (one.share, -len(one.faults)))
            return self._differing(sentence, given, stated, chosen)
        return self._not_found(sentence, found, ranked)

    def words_of(self, sentence: DraftSentence) -> tuple[Word, ...]:
        """The words of a sentence that carry content, without who says it."""
        return self._words(sentence.text, given_speaker(sentence, self.draft.text))

    def _words(self, text: str, given: GivenSpeaker | None) -> tuple[Word, ...]:
        """The words by which a sentence is compared: of one that says whose words it tells, those that are told."""
        words = self.retriever.understand(text, self.draft.language).words
        if given is None:
            return words
        grammar = grammar_of(self.draft.language)
        saying = grammar.verbs.keys() if grammar else frozenset[str]()
        frame = {word.lower() for word in tokens(f"{given.written} {given.name}")} | saying
        return tuple(word for word in words if word.text.lower() not in frame) or words

    def _ranked(self, sentence: DraftSentence, stated: StatedSentence) -> list[Sentence]:
        """The sentences of the documents that may say the same, best first."""
        asked = sentence.text
        follows = bool(sentence.before) and needs_the_one_before(sentence.text)
        if follows:
            asked = f"{sentence.before} {sentence.text}"
        query = self.retriever.understand(asked, self.draft.language)
        probes, hits = self.retriever.search(query, self.filters, HITS)
        vectors = sentence_vectors(hits, self.index, self.embedder)
        ranked = ranked_by_words(stated, with_similarities(probes, sentences_of(hits), vectors))[:_RANKED]
        ranked = list(told_once(ranked, self.index, self.filters))
        return [one for one in ranked if not follows or self._is_about(sentence.before, one)]

    def _is_about(self, before: str, candidate: Sentence) -> bool:
        """Whether a sentence stands where the names are that the draft's sentence before has: "Er" is one of these."""
        around = [*surroundings_of([candidate]), candidate.hit.passage.text]
        foreign = candidate.hit.language != self.draft.language
        return not missing_name(before, around, self.draft.language, self.lexicon, foreign=foreign)

    def _compared(self, stated: StatedSentence, ranked: Sequence[Sentence]) -> list[ComparedSentences]:
        # The rules of what happened are made for the vectors of one model.
        vectors = WordEmbeddings(self.embedder) if self.embedder.name == MULTILINGUAL_MODEL else None
        found: list[ComparedSentences] = []
        for number, candidate in enumerate(ranked[:_COMPARED]):
            found.append(compared(stated, candidate, ranked[number + 1 :], self.lexicon, vectors))
            if found[-1].share == 1 and not found[-1].faults and not found[-1].missing:
                break
        return found

    def _bears_out(self, one: ComparedSentences) -> bool:
        """Whether nothing of a sentence is otherwise or missing, as far as words and vectors tell."""
        return self._is_of_same(one, BORNE) and not (one.faults or one.missing or _is_doubtful(one))

    def _is_contrary(self, one: ComparedSentences) -> bool:
        """Whether the same is told, and something is otherwise."""
        if not 0 < len(one.faults) <= MOST_FAULTS or not self._is_of_same(one):
            return False
        if one.foreign:
            return one.whole >= WHOLE_FOREIGN
        named = any(fault.kind == "name" for fault in one.faults)
        if named and one.counted <= FEW and one.share < ALL_OF_FEW:
            return False
        # In other words what is denied may be the same: "schließt es nicht aus", "hält es für denkbar".
        only_denied = all(fault.kind == "negation" for fault in one.faults)
        return one.whole >= WHOLE and one.share >= (DENIED if only_denied else SAME)

    def _is_of_same(self, one: ComparedSentences, least: float = 0.0) -> bool:
        """Whether sentences speak of the same as the draft's."""
        if not self.embedder.traits.measured:
            return one.share >= (UNMEASURED_FOREIGN if one.foreign else UNMEASURED)
        near = one.sentences[0].similarity
        if one.foreign and near < DISTANT:
            return False
        nearness = NEARNESS_FOREIGN if one.foreign and near > USUAL else NEARNESS
        return one.share + nearness * (near - USUAL) >= max(least, SAME_FOREIGN if one.foreign else BORNE)

    def _wrong_speaker(self, given: GivenSpeaker | None, one: ComparedSentences) -> bool:
        return given is not None and misattributed(given, one.sentences[0]) is not None

    def _borne_out(self, sentence: DraftSentence, one: ComparedSentences) -> CheckedSentence:
        """Supported, or only as somebody's claim where the draft tells as fact what its sources give as somebody's words."""
        numbers = tuple(self._cite(source) for source in one.sentences)
        cited = [self.cited.all[number - 1] for number in numbers]
        whose = told_as_fact(sentence.text, sentence.before, cited, self.draft.language, self.lexicon)
        said = whose is not None and not any(speaker_of(told, self.draft.text) for told in sentence.told)
        why = ""
        if said:
            why = (
                reason("claim", self.draft.language, whose)
                if whose
                else reason("claim_of_somebody", self.draft.language)
            )
        return CheckedSentence(
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            verdict="claim" if said else "supported",
            reason=why,
            citations=numbers,
            claimed_by=whose or "" if said else "",
        )

    def _differing(
        self,
        sentence: DraftSentence,
        given: GivenSpeaker | None,
        stated: StatedSentence,
        one: ComparedSentences,
    ) -> CheckedSentence:
        """What a sentence and its source differ in, both places marked."""
        source, language = one.sentences[0], self.draft.language
        wrong = misattributed(given, source) if given else None
        numbers = tuple(self._cite(each) for each in one.sentences)
        faults = [
            fault for fault in one.faults if not (given and fault.written and fault.written in given.written)
        ]
        its = SentenceText(text=source.text, language=source.hit.language)
        found = [
            self._difference(fault, sentence, source, mine, theirs)
            for fault, (mine, theirs) in zip(
                faults, counterparts(faults, stated.reading, its, self.lexicon), strict=True
            )
        ]
        why = [reason(fault.why or fault.kind, language, fault.written) for fault in faults]
        if given and (wrong or len(faults) < len(one.faults)):
            place = wrong or (source.start, source.start, "")
            found.append(
                DraftDifference(
                    kind="attribution",
                    start=given.start,
                    end=given.end,
                    written=given.written,
                    source_start=place[0],
                    source_end=place[1],
                    in_source=self.index.texts.of(source.hit.document)[place[0] : place[1]],
                )
            )
            why.append(
                reason("attribution", language, place[2], given.name)
                if place[2]
                else reason("name", language, given.name)
            )
        return CheckedSentence(
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            verdict="differs",
            reason=" ".join(dict.fromkeys(why)),
            citations=numbers,
            differences=tuple(found),
        )

    def _difference(
        self,
        fault: Fault,
        sentence: DraftSentence,
        source: Sentence,
        mine: tuple[int, int],
        theirs: tuple[int, int],
    ) -> DraftDifference:
        return DraftDifference(
            kind=fault.kind,
            start=sentence.start + mine[0],
            end=sentence.start + mine[1],
            written=sentence.text[mine[0] : mine[1]],
            source_start=source.start + theirs[0],
            source_end=source.start + theirs[1],
            in_source=source.text[theirs[0] : theirs[1]],
        )

    def _not_found(
        self, sentence: DraftSentence, found: Sequence[ComparedSentences], ranked: Sequence[Sentence]
    ) -> CheckedSentence:
        language = self.draft.language
        why = reason("near_only" if ranked else "nothing_near", language)
        near: Sequence[Sentence] = ()
        halves = [one for one in found if one.missing and not one.faults and one.rest >= SAME]
        doubtful = [one for one in found if self._is_of_same(one) and not one.faults and _is_doubtful(one)]
        if halves:
            half = max(halves, key=lambda one: one.share)
            near, why = half.sentences, reason("part_missing", language, half.missing[0])
        elif doubtful:
            near = doubtful[0].sentences
            why = reason("event" if doubtful[0].events.contrary else "event_not_found", language)
        shown = list(dict.fromkeys([*near, *ranked]))[:NEAREST]
        return CheckedSentence(
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            verdict="not_found",
            reason=why,
            nearest=tuple(dict.fromkeys(self._cite(source) for source in shown)),
        )

    def _cite(self, sentence: Sentence) -> int:
        return self.cited.cite(
            sentence.hit.document, sentence.start, sentence.end, passage=sentence.hit.passage
        )


def _is_doubtful(one: ComparedSentences) -> bool:
    """Whether what happened is not in the sentences; across languages vectors of words tell less than enough words in common."""
    missing = one.events.contrary or one.events.events == "not found"
    return missing and not (one.foreign and one.share >= SAME)
