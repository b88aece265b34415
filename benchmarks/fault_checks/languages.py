"""Short questions in fourteen languages: refused in their own one, and answered where an article in it has the answer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from assistant import messages
from benchmarks.cases import files, opened
from benchmarks.fault_checks import Checked
from ingest.embedding.models import SentenceTransformerEmbedder

KIND = "languages"
# By language: an article's sentence, two questions that it answers, and two that nothing answers.
_ASKED = {
    "cs": ("Most v Ostravě měří 240 metrů a navrhla ho Jana Dvořáková.", "Kdo navrhl most v Ostravě?", "Kolik měří most v Ostravě?", "Kdo maluje lodě?", "Kdy začal festival?"),
    "da": ("Broen i Rønde er 240 meter lang og blev tegnet af Mette Holm.", "Hvem tegnede broen i Rønde?", "Hvor lang er broen i Rønde?", "Hvem maler skibe?", "Hvornår begyndte festivalen?"),
    "es": ("El puente de Almeda mide 240 metros y lo diseñó Lucía Ortega.", "¿Quién diseñó el puente de Almeda?", "¿Cuánto mide el puente de Almeda?", "¿Quién pinta los barcos?", "¿Cuándo empezó el festival?"),
    "fr": ("Le pont de Valmont mesure 240 mètres et a été dessiné par Claire Morel.", "Qui a dessiné le pont de Valmont ?", "Combien mesure le pont de Valmont ?", "Qui peint les bateaux ?", "Quand a commencé le festival ?"),
    "hu": ("A tordai híd 240 méter hosszú, és Kovács Ágnes tervezte.", "Ki tervezte a tordai hidat?", "Milyen hosszú a tordai híd?", "Ki festi a hajókat?", "Mikor kezdődött a fesztivál?"),
    "it": ("Il ponte di Castelvero misura 240 metri ed è stato progettato da Giulia Conti.", "Chi ha progettato il ponte di Castelvero?", "Quanto misura il ponte di Castelvero?", "Chi dipinge le barche?", "Quando è iniziato il festival?"),
    "nl": ("De brug van Oudveen is 240 meter lang en werd ontworpen door Anke Visser.", "Wie ontwierp de brug van Oudveen?", "Hoe lang is de brug van Oudveen?", "Wie schildert de schepen?", "Wanneer begon het festival?"),
    "pl": ("Most w Zalesiu ma 240 metrów długości i zaprojektowała go Ewa Nowak.", "Kto zaprojektował most w Zalesiu?", "Ile metrów ma most w Zalesiu?", "Kto maluje statki?", "Kiedy zaczął się festiwal?"),
    "pt": ("A ponte de Alvarim tem 240 metros e foi projetada por Inês Duarte.", "Quem projetou a ponte de Alvarim?", "Quantos metros tem a ponte de Alvarim?", "Quem pinta os barcos?", "Quando começou o festival?"),
    "ro": ("Podul din Brădești are 240 de metri și a fost proiectat de Ioana Radu.", "Cine a proiectat podul din Brădești?", "Câți metri are podul din Brădești?", "Cine pictează navele?", "Când a început festivalul?"),
    "ru": ("Мост в Заречье имеет длину 240 метров, его спроектировала Анна Белова.", "Кто спроектировал мост в Заречье?", "Какова длина моста в Заречье?", "Кто красит корабли?", "Когда начался фестиваль?"),
    "sv": ("Bron i Ekvik är 240 meter lång och ritades av Karin Lund.", "Vem ritade bron i Ekvik?", "Hur lång är bron i Ekvik?", "Vem målar båtarna?", "När började festivalen?"),
    "tr": ("Çamlık köprüsü 240 metre uzunluğunda ve onu Elif Kaya tasarladı.", "Çamlık köprüsünü kim tasarladı?", "Çamlık köprüsü kaç metre?", "Gemileri kim boyuyor?", "Festival ne zaman başladı?"),
    "uk": ("Міст у Заріччі має довжину 240 метрів, його спроєктувала Олена Мельник.", "Хто спроєктував міст у Заріччі?", "Яка довжина мосту в Заріччі?", "Хто фарбує кораблі?", "Коли почався фестиваль?"),
}  # fmt: skip


def checks(work: Path) -> Iterator[Checked]:
    """Two questions that are answered and two that are refused, in each language; in ``work`` is the index."""
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for language, (sentence, *_) in _ASKED.items():
            path = Path(name) / f"{language}.txt"
            path.write_text(sentence, encoding="utf-8")
            paths.append(path)
        assistant = opened(work / "languages", SentenceTransformerEmbedder(), files(paths, "languages"))
    for language, (sentence, *questions) in _ASKED.items():
        for number, question in enumerate(questions):
            answer = assistant.ask(question)
            if number < 2:
                right = any(sentence in citation.quote for citation in answer.citations)
            else:
                right = answer.refused and answer.text.startswith(messages.REFUSAL[language])
            yield Checked(
                kind=f"{KIND}, {'answered' if number < 2 else 'refused'}",
                name=question,
                right=right,
                seen=f"{answer.language}: {answer.text[:120]}",
                language=language,
            )
    assistant.close()
