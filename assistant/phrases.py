"""What the assistant itself says, in the languages that it speaks."""

from __future__ import annotations

REFUSAL = {
    "en": "The documents do not answer this.",
    "de": "Die Dokumente beantworten diese Frage nicht.",
    "fr": "Les documents ne répondent pas à cette question.",
    "es": "Los documentos no responden a esta pregunta.",
}
NO_DOCUMENTS = {
    "en": "There are no documents yet. Add some, then ask again.",
    "de": "Es gibt noch keine Dokumente. Fügen Sie welche hinzu und fragen Sie dann noch einmal.",
    "fr": "Il n'y a pas encore de documents. Ajoutez-en, puis reposez la question.",
    "es": "Todavía no hay documentos. Añada algunos y vuelva a preguntar.",
}
NOTHING_SELECTED = {
    "en": "None of the documents fits the chosen restriction.",
    "de": "Kein Dokument passt zur gewählten Einschränkung.",
    "fr": "Aucun document ne correspond à la restriction choisie.",
    "es": "Ningún documento cumple la restricción elegida.",
}


def say(phrases: dict[str, str], language: str) -> str:
    """The phrase in ``language``, in English where it has none."""
    return phrases.get(language, phrases["en"])
