"""Short words in German compounds, and words that only look as if they had some."""

from __future__ import annotations

import pytest

from assistant.language.compounds import short_parts
from assistant.language.lexicon import shipped
from assistant.language.matching import NAME_HELD, match_score, vocabulary
from assistant.retrieval.query import understand

COMPOUNDS = """Tramlinie tram, Tramlinien tram, Nachttram tram, Zugverkehr zug, Güterzug zug, Zugausfall zug, Stadtrat rat,
Stadträte rat, Stadtratssitzung rat, Rathaus rat, Ratssitzung rat, Gemeinderat rat, Betriebsrat rat, Kulturetat etat,
Etatentwurf etat, Sportetat etat, Bauamt amt, Amtsleiterin amt, Busfahrer bus, Schulbus bus, Seehafen see, Stausee see,
Freibad bad, Fahrrad rad, Radweg weg, Radweg rad, Bahnstrecke bahn, Straßenbahn bahn, Straßenbahnhaltestelle bahn, Autobahn bahn,
Dorfschule dorf, Kommunalwahl wahl, Wahlbeteiligung wahl, Erdgas gas, Eishalle eis, Müllabfuhr müll, Zooleitung zoo,
Landarzt arzt, Windpark park, Kirchturm turm, Talbrücke tal, Bürgerbüro büro, Mietspiegel miet, Flughafen flug"""
OTHERS = """Rationen rat, Beamten amt, Trampolin tram, Verrat rat, Heirat rat, Vorrat rat, Anzug zug, Bezug zug, Aufzug zug,
Radikalen rad, Eisen eis, Reisen eis, Meister eis, Museum see, Bewegung weg, Busch bus, Gasthaus gas, Direktor tor, Partei art,
Etappe etat, Etatismus etat, Sport ort, Transport ort, Apparat rat, Karate rat, Demokratie rat, Temperatur rat, Krater rat,
Berater rat, Zugang zug, Bussard bus, Sparkasse park, Landung land, Kaiser eis, Preise eis, Torte tor, Gasse gas,
Schlacht acht, Kabinett bin, Standort tand, Paradies rad"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [(word, part) for word, part in (pair.split() for pair in text.split(","))]


@pytest.mark.parametrize(("word", "part"), pairs(COMPOUNDS))
def test_a_short_word_is_found_in_a_compound(word: str, part: str) -> None:
    assert part in short_parts(word)
    (asked,) = understand(part.capitalize(), ["de"], shipped(), language="de").words
    assert match_score(asked, vocabulary(f"Über {word} wurde gesprochen.", "de")) >= NAME_HELD


@pytest.mark.parametrize(("word", "part"), pairs(OTHERS))
def test_it_is_not_found_where_the_rest_is_no_word(word: str, part: str) -> None:
    assert part not in short_parts(word)


def test_what_a_compound_is_made_of_counts_for_less() -> None:
    (asked,) = understand("Stadtrat", ["de"], shipped(), language="de").words
    assert match_score(asked, vocabulary("Der Stadtrat stimmte zu.", "de")) == 1
    assert 0 < match_score(asked, vocabulary("Der Rat stimmte zu.", "de")) < NAME_HELD
    assert match_score(asked, vocabulary("Die Rationen reichten.", "de")) == 0
