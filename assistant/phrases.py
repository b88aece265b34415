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
NOT_CITED = {
    "en": "No source is cited for this.",
    "de": "Dafür ist keine Quelle angegeben.",
    "fr": "Aucune source n'est citée à l'appui.",
    "es": "No se cita ninguna fuente para esto.",
}
NUMBER_MISSING = {
    "en": "“{}” is not in the sentences cited.",
    "de": "„{}“ steht nicht in den zitierten Sätzen.",
    "fr": "« {} » ne figure pas dans les phrases citées.",
    "es": "«{}» no figura en las frases citadas.",
}
NAME_MISSING = {
    "en": "The name “{}” is neither in the sentences cited nor beside them.",
    "de": "Der Name „{}“ steht weder in den zitierten Sätzen noch daneben.",
    "fr": "Le nom « {} » ne figure ni dans les phrases citées ni à côté.",
    "es": "El nombre «{}» no figura en las frases citadas ni junto a ellas.",
}
ADDED = {
    "en": "It denies something that the sentences cited do not deny.",
    "de": "Es wird etwas verneint, das die zitierten Sätze nicht verneinen.",
    "fr": "Cela nie quelque chose que les phrases citées ne nient pas.",
    "es": "Niega algo que las frases citadas no niegan.",
}
LOST = {
    "en": "It asserts something that the sentences cited deny.",
    "de": "Es wird etwas behauptet, das die zitierten Sätze verneinen.",
    "fr": "Cela affirme quelque chose que les phrases citées nient.",
    "es": "Afirma algo que las frases citadas niegan.",
}
OPPOSITE = {
    "en": "It says the opposite of a word in the sentences cited.",
    "de": "Es sagt das Gegenteil eines Wortes in den zitierten Sätzen.",
    "fr": "Cela dit le contraire d'un mot des phrases citées.",
    "es": "Dice lo contrario de una palabra de las frases citadas.",
}
UNLIKE = {
    "en": "The sentences cited speak of something else.",
    "de": "Die zitierten Sätze handeln von etwas anderem.",
    "fr": "Les phrases citées parlent d'autre chose.",
    "es": "Las frases citadas tratan de otra cosa.",
}
NOT_READ = {
    "en": "Only figures and names were checked: negations are not checked in these languages.",
    "de": "Nur Ziffern und Namen wurden geprüft: Verneinungen werden in diesen Sprachen nicht geprüft.",
    "fr": "Seuls les chiffres et les noms ont été vérifiés : les négations ne le sont pas dans ces langues.",
    "es": "Solo se comprobaron cifras y nombres: en estos idiomas no se comprueban las negaciones.",
}


def say(phrases: dict[str, str], language: str) -> str:
    """The phrase in ``language``, in English where it has none."""
    return phrases.get(language, phrases["en"])
