"""The sentences that the assistant itself writes, in each of its languages."""

from __future__ import annotations

from collections.abc import Mapping

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
# Why a language model's answer is missing or odd, one plain line each. The keys are those of `ModelFailed`.
_QUOTED = {
    "en": " The documents are quoted instead.",
    "de": " Stattdessen werden die Dokumente zitiert.",
    "fr": " Les documents sont cités à la place.",
    "es": " En su lugar se citan los documentos.",
}
_FAILURES = {
    "unreachable": {
        "en": "The language model cannot be reached.",
        "de": "Das Sprachmodell ist nicht erreichbar.",
        "fr": "Le modèle de langage est injoignable.",
        "es": "No se puede contactar con el modelo de lenguaje.",
    },
    "key": {
        "en": "The language model refuses the key.",
        "de": "Das Sprachmodell lehnt den Schlüssel ab.",
        "fr": "Le modèle de langage refuse la clé.",
        "es": "El modelo de lenguaje rechaza la clave.",
    },
    "unknown": {
        "en": "The configured language model does not exist there.",
        "de": "Das eingestellte Sprachmodell gibt es dort nicht.",
        "fr": "Le modèle de langage configuré n'existe pas.",
        "es": "El modelo de lenguaje configurado no existe.",
    },
    "busy": {
        "en": "The language model is overloaded or has an error.",
        "de": "Das Sprachmodell ist überlastet oder gestört.",
        "fr": "Le modèle de langage est surchargé ou en erreur.",
        "es": "El modelo de lenguaje está sobrecargado o falla.",
    },
    "quota": {
        "en": "The language model's quota is used up.",
        "de": "Das Kontingent des Sprachmodells ist aufgebraucht.",
        "fr": "Le quota du modèle de langage est épuisé.",
        "es": "La cuota del modelo de lenguaje está agotada.",
    },
    "changed": {
        "en": "The documents changed while the answer was being written.",
        "de": "Die Dokumente haben sich geändert, während die Antwort geschrieben wurde.",
        "fr": "Les documents ont changé pendant la rédaction de la réponse.",
        "es": "Los documentos cambiaron mientras se escribía la respuesta.",
    },
    "slow": {
        "en": "The language model took too long.",
        "de": "Das Sprachmodell hat zu lange gebraucht.",
        "fr": "Le modèle de langage a mis trop de temps.",
        "es": "El modelo de lenguaje tardó demasiado.",
    },
    "long": {
        "en": "The text was too long for the language model.",
        "de": "Der Text war für das Sprachmodell zu lang.",
        "fr": "Le texte était trop long pour le modèle de langage.",
        "es": "El texto era demasiado largo para el modelo de lenguaje.",
    },
    "broken": {
        "en": "The language model broke off.",
        "de": "Das Sprachmodell ist abgebrochen.",
        "fr": "Le modèle de langage s'est interrompu.",
        "es": "El modelo de lenguaje se interrumpió.",
    },
    "failed": {
        "en": "The language model failed.",
        "de": "Das Sprachmodell ist gescheitert.",
        "fr": "Le modèle de langage a échoué.",
        "es": "El modelo de lenguaje falló.",
    },
    "uncited": {
        "en": "The language model named no source for its answer.",
        "de": "Das Sprachmodell hat für seine Antwort keine Quelle genannt.",
        "fr": "Le modèle de langage n'a cité aucune source.",
        "es": "El modelo de lenguaje no citó ninguna fuente.",
    },
}
FAILURES = {
    why: {language: phrase + _QUOTED[language] for language, phrase in phrases.items()}
    for why, phrases in _FAILURES.items()
}
OTHER_LANGUAGE = {
    "en": "The language model answered in another language than the question's.",
    "de": "Das Sprachmodell hat in einer anderen Sprache als der der Frage geantwortet.",
    "fr": "Le modèle de langage a répondu dans une autre langue que celle de la question.",
    "es": "El modelo de lenguaje respondió en un idioma distinto al de la pregunta.",
}
CUT_SHORT = {
    "en": "The language model reached its limit: the answer may be incomplete.",
    "de": "Das Sprachmodell ist an seine Grenze gestoßen: Die Antwort ist vielleicht unvollständig.",
    "fr": "Le modèle de langage a atteint sa limite : la réponse est peut-être incomplète.",
    "es": "El modelo de lenguaje alcanzó su límite: la respuesta puede estar incompleta.",
}
UNTRANSLATED = {
    "en": "The quotes could not be translated.",
    "de": "Die Zitate konnten nicht übersetzt werden.",
    "fr": "Les citations n'ont pas pu être traduites.",
    "es": "No se pudieron traducir las citas.",
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


def say(phrases: Mapping[str, str], language: str) -> str:
    """The phrase in ``language``, in English where it has none."""
    return phrases.get(language, phrases["en"])
