"""How questions about the collection are worded, in English and German: patterns over their words. Pure.

A question is one only where a pattern takes all of it. "How many documents are there?" is; "How many documents did the police
seize?" is not, for nothing here takes "did the police seize".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.collection.periods import MOMENT, PHRASE

Patterns = tuple[re.Pattern[str], ...]

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
}  # fmt: skip
TONGUES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "polish": "pl", "russian": "ru", "ukrainian": "uk", "turkish": "tr", "greek": "el",
    "englisch": "en", "deutsch": "de", "französisch": "fr", "spanisch": "es", "italienisch": "it",
    "portugiesisch": "pt", "niederländisch": "nl", "polnisch": "pl", "russisch": "ru", "ukrainisch": "uk",
    "türkisch": "tr", "griechisch": "el",
}  # fmt: skip
_TONGUE = "|".join(TONGUES)
_COUNT = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"


def number_in(written: str) -> int:
    """The number that a word or digits write; 0 for none."""
    return int(written) if written.isdigit() else _NUMBERS.get(written.lower(), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The patterns of one language; each takes a whole text, but ``polite``, ``closing``, ``idle``, ``dated`` and ``spoken``.

    ``polite`` is what stands before a request and ``closing`` after it. ``lists``, ``counts`` and ``documents`` lead to what is
    said of the documents (group ``rest``): nothing (``idle``), their dates (``dated``), their language (``spoken``), or what they
    are about (``topics``, ``authors``). ``asked`` name a topic with the question around it. ``latest`` ask for the news,
    ``happened`` for what is reported of some days. ``summaries`` lead to what is to be summarised (group ``target``), which
    ``whole`` and ``documents`` take, and where the group ``free`` is there, any words. ``compared`` have two sides.
    """

    code: str
    polite: re.Pattern[str]
    closing: re.Pattern[str]
    lists: Patterns
    counts: Patterns
    idle: re.Pattern[str]
    dated: re.Pattern[str]
    spoken: re.Pattern[str]
    topics: Patterns
    authors: Patterns
    asked: Patterns
    latest: Patterns
    happened: Patterns
    summaries: Patterns
    documents: Patterns
    whole: re.Pattern[str]
    compared: Patterns
    sides: re.Pattern[str]
    topic_before: re.Pattern[str]
    goes_on: re.Pattern[str]
    no_topic: re.Pattern[str]


def _compiled(*patterns: str) -> Patterns:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


def _begins(pattern: str) -> re.Pattern[str]:
    """Matches at the beginning, up to the end of a word."""
    return re.compile(rf"(?:{pattern})(?!\w)", re.I)


def _english() -> Grammar:
    many = (
        r"(?P<many>(?:news |press )?(?:documents|docs|articles|texts|files|reports|stories|papers|pdfs|sources|interviews"
        r"|releases|pieces of news))"
    )
    one = r"(?P<one>(?:news |press )?(?:document|doc|article|text|file|report|story|paper|pdf|source|interview|release))"
    order = r"(?P<order>newest|latest|most recent|recent|last|oldest|earliest|first)"
    kind = (
        rf"(?:(?P<number>{_COUNT}) )?(?:{order} )?(?:(?P<count>{_COUNT}) )?"
        rf"(?:(?:available|stored|uploaded|existing|different|other) )?(?:(?P<tongue>{_TONGUE})(?:-language)? )?(?:{many}|{one})"
    )
    which = r"(?:(?:of|from|for) )?(?:(?:all|any|every|each|both|the|these|this|that|those|a|an|my|our|your|some|of) )*"
    rest = r"(?P<rest>(?:,? .+)?)"
    place = r"(?:the|this|that|your|my|our) (?:collection|library|database|index|corpus|knowledge base|catalogue|catalog|folder)"
    about = (
        r"(?:about|on|concerning|regarding|covering|discussing|related to|relating to|dealing with|mentioning|containing"
        r"|naming|referring to|that (?:concern|concerns)|on the (?:topic|subject) of|titled|entitled|called)"
    )
    verb = r"(?:mention|discuss|cover|contain|address|concern|refer to|talk about|speak of|speak about|deal with|report on|report about|write about|are about|are on)"
    verb_of_one = r"(?:mentions|discusses|talks about|speaks of|speaks about|deals with|reports on|reports about|refers to|is about|is on)"
    held = r"(?:mentioned|named|discussed|quoted|cited|referred to|talked about|covered|found)"
    news = r"(?:news|reports?|developments?|information|updates?|coverage|articles?|stor(?:y|ies))"
    short = r"(?:short |brief |quick |concise |little )?"
    abstract = r"(?:summary|overview|abstract|synopsis|gist|recap|tl;?dr|outline)"
    points = r"(?:points|facts|messages|findings|takeaways|statements|ideas|topics|themes|contents?|aspects)"
    return Grammar(
        code="en",
        polite=_begins(
            r"(?:can|could|would|will) you|(?:please|kindly|just|quickly)|(?:can|may|could) (?:i|we) (?:see|get|have)"
            r"|(?:i|we)(?: would|'d|’d)? (?:like|want|need)(?: to (?:see|get|have|know)| you to)?|please|kindly|hi|hello|hey|ok|so"
        ),
        closing=re.compile(r"[\s,.!?]*(?:please|thanks|thank you|thx|for me)?[\s.!?]*$", re.I),
        lists=_compiled(
            rf"(?P<asks>which|what)(?: are)? {which}{kind}{rest}",
            r"(?:list|show|display|enumerate|find|get|give|name|tell|search(?: for)?|look for)(?: me| us)?"
            rf"(?: (?:a|the) (?:list|overview|titles?|names?) (?:of|for))? {which}{kind}{rest}",
            rf"(?P<asks>do (?:you|we|i) have|have (?:you|we) got|(?:are|is) there) {which}{kind}{rest}",
            rf"(?P<asks>do|does) {which}{kind}{rest}",
            rf"(?:a|the) list of {which}{kind}{rest}",
            rf"(?P<bare>all )?(?:of )?(?:the |my |our )?{kind}{rest}",
        ),
        counts=_compiled(
            rf"(?P<asks>how many) (?:of )?(?:the |these |my |our |your )?{kind}{rest}",
            rf"(?:(?:what is|what's|tell me|give me) )?(?:the )?(?:total )?(?:number|count) of {which}{kind}{rest}",
            rf"count {which}{kind}{rest}",
        ),
        idle=_begins(
            rf"(?:(?:that|which) )?(?:are |is )?(?:there|here|available|stored|online|in stock|loaded|indexed|(?:in|inside) {place})"
            r"|(?:that |which )?(?:do )?(?:you|we|i) (?:have|know|hold|use)(?: access to)?|have you got|exist|in total|altogether|overall"
            r"|do you (?:have|know|use|hold)(?: access to)?|can you (?:access|see|read|search)"
        ),
        dated=_begins(
            r"(?:(?:that|which) )?(?:(?:are|is|were|was|have been) )?(?:published |written |dated |released )?(?:articles )?"
            rf"(?:{PHRASE})"
        ),
        spoken=_begins(
            rf"(?:(?:that|which) )?(?:(?:are|is) )?(?:written )?in (?:the )?(?P<tongue>{_TONGUE})(?: language)?"
        ),
        topics=_compiled(
            rf"(?:(?:that|which|are there|do you have|is there|are|is) )?(?:(?:that|which) )?{about} (?P<topic>.+)",
            rf"(?:(?:that|which|actually|also|even|explicitly) )*{verb} (?P<topic>.+)",
            rf"(?:(?:that|which|actually|also|even|explicitly) )*(?P<single>{verb_of_one}) (?P<topic>.+)",
            rf"(?:in which|where) (?P<topic>.+?) (?:is|are|was|were|has been) {held}(?: in)?",
            r"(?:in which|where) (?P<topic>.+?) (?:occurs?|appears?|comes? up)",
        ),
        authors=_compiled(
            r"(?:(?:that|which) )?(?:(?:are|is|were|was) )?(?:written )?by (?P<author>[^\d]+)",
        ),
        asked=_compiled(
            rf"in (?P<how>which|what|how many) (?:of the |of my )?{kind} (?:is|are|was|were|has|have|does|do) (?P<topic>.+?) "
            rf"(?:been )?(?:{held}|occur|appear|come up)",
            rf"(?:where|in what places) (?:is|are|does|do) (?P<topic>.+?) (?:mentioned|occur|appear) in {which}{kind}",
            rf"(?:is|are) (?P<topic>.+?) (?:mentioned|discussed|named|covered) (?:anywhere|somewhere)(?: in {which}{kind})?",
            rf"(?:is|are) (?P<topic>.+?) (?:mentioned|discussed|named) in (?:any|one) of {which}{kind}",
            r"where (?:is|are) (?P<topic>.+?) mentioned",
        ),
        latest=_compiled(
            rf"(?:which|what|when)(?: is| was|'s|’s| are) (?:the )?(?:(?P<number>{_COUNT}) )?{order} (?:(?P<count>{_COUNT}) )?(?:{many}|{one})"
            rf"(?P<rest>(?: .+?)?)(?: (?:published|written|from|dated))?",
            rf"what(?: is|'s|’s|s| are) (?:the )?(?P<order>latest|newest|most recent)(?: {news})?(?: (?:in|with|about|on|of|for|regarding) (?P<topic>.+))?",
            r"what(?: is|'s|’s|s) new(?: (?:with|on|regarding) (?P<topic>.+))?",
            rf"(?:(?:show|give|tell)(?: me| us)? )?(?:the )?(?P<order>latest|newest|most recent) {news}(?: (?:about|on|regarding|of|for) (?P<topic>.+))?",
            r"what (?:was|has been|is) (?P<order>last|most recently|lately|recently) (?:been )?(?:reported|written|published|said) (?:about|on) (?P<topic>.+)",
            r"what (?:was|has been) (?:reported|written|published) (?P<order>last|most recently|lately|recently) (?:about|on) (?P<topic>.+)",
            r"what (?:was|has been) (?:reported|written|published) (?:about|on) (?P<topic>.+?) (?P<order>last|most recently|lately|recently)",
        ),
        happened=_compiled(
            r"(?:(?:tell me|show me) )?(?:what|everything that|anything that)(?: has| have)? "
            r"(?:happened|occurred|took place|went on|(?:was|were|is|has been|been) (?:reported|published|going on|written|in the news|new)"
            rf"|(?:were|are) the (?:events|news)) (?P<period>{PHRASE})",
            rf"(?:the )?(?:news|events) (?P<period>{PHRASE})",
        ),
        summaries=_compiled(
            rf"(?:(?:give|write|show|provide|get|make|create|prepare)(?: me| us)? )?(?:an? |the )?{short}{abstract}(?: of| about| on| for|:) (?P<target>.+)",
            r"(?P<free>)(?:summari[sz]e|sum up|recap|condense|outline)(?: for me)?(?: briefly| shortly)? (?P<target>.+?)(?: briefly| in (?:a few|\w+) (?:sentences?|words?|lines?))?",
            rf"(?:list|name|give(?: me)?|show(?: me)?|what are|tell me) (?:the )?(?:main|key|most important|central|essential|major) {points} (?:of|in|from) (?P<target>.+)",
            r"what(?: is|'s|’s|s| are| was) (?P<target>.+?) (?:all )?about",
            r"what (?:does|do) (?P<target>.+?) deal with",
            rf"(?P<target>(?:summari[sz]e|{abstract}))",
        ),
        documents=_compiled(rf"{which}{kind}{rest}"),
        whole=re.compile(
            rf"it|this|that|them|these|those|everything|all(?: of (?:it|them|this))?|(?:the |your )?content|{place}|summari[sz]e|{abstract}",
            re.I,
        ),
        compared=_compiled(
            r"(?:(?:give|show|make)(?: me| us)? )?(?:compare|contrast|a comparison (?:of|between)) (?P<sides>.+)",
            r"(?:how (?:do|does|did)|what (?:changed|has changed|is the difference|are the differences)) (?P<sides>.+?)(?: (?:compare|differ))?",
            rf"(?P<sides>{MOMENT} (?:vs\.?|versus) {MOMENT})",
        ),
        sides=re.compile(
            r" (?:and|with|to|versus|vs\.?|against) (?:(?:that|those|the one|the ones) (?:of|from|in) )?",
            re.I,
        ),
        topic_before=re.compile(
            rf"(?:the )?(?:(?P<documents>{many[8:-1]}|years?|months?)(?: (?:of|from|in|between))?|(?:between|of|from|in)"
            r"|(?P<topic>.+?)(?: (?:in|of|from|between|for|during))?)",
            re.I,
        ),
        goes_on=re.compile(
            r"(?:and|what about|how about|and what about)(?: the (?:ones|articles|documents))? (?P<rest>.+)",
            re.I,
        ),
        no_topic=re.compile(
            r"\b(?:that|which|who|whom|what|how|why|when|where|because|although|if|whether|according|did|does|was|were|is|are|has|have|would|should|can|could|will)\b",
            re.I,
        ),
    )


def _german() -> Grammar:
    many = (
        r"(?P<many>(?:Zeitungs|Presse|Nachrichten)?(?:dokumenten?|artikeln?|texten?|dateien|beiträgen?|berichten?|meldungen|unterlagen"
        r"|nachrichten|pdfs|quellen|interviews|mitteilungen))"
    )
    one = (
        r"(?P<one>(?:Zeitungs|Presse|Nachrichten)?(?:dokuments?|dokumentes|artikels?|texte?s?|datei|beitrage?s?|berichte?s?|meldung|nachricht|gesprächs?"
        r"|pdf|quelle|interviews?|mitteilung))"
    )
    order = r"(?P<order>(?:neu(?:e?st)e|jüngste|aktuell(?:st)?e|letzte|zuletzt erschienene|älteste|früheste|erste)[nrms]?)"
    tongue = rf"(?P<tongue>{_TONGUE})(?:sprachig)?(?:e[nrms]?)?"
    kind = (
        rf"(?:(?P<number>{_COUNT}) )?(?:{order} )?(?:(?P<count>{_COUNT}) )?"
        rf"(?:(?:vorhandene|gespeicherte|verfügbare|hochgeladene|verschiedene|weitere|andere)[nrms]? )?(?:{tongue} )?(?:{many}|{one})"
    )
    which = r"(?:(?:von|aus|in|zu) )?(?:(?:alle[nrms]?|sämtliche[nrms]?|die|der|den|das|dem|des|diese[nrms]?|jede[nrms]?|eine?[nrms]?|irgendwelche|meine?[nrms]?|unsere?[nrms]?|deine?[nrms]?|ihre?[nrms]?|im|zum|zur|vom|beim|einige) )*"
    rest = r"(?P<rest>(?:,? .+)?)"
    place = r"(?:in der|aus der|der|die|deine[r]?|meine[r]?|in deiner|in meiner|in unserer|im|dem) (?:ganzen )?(?:sammlung|bibliothek|datenbank|index|bestand|wissensbasis|katalog|ordner)"
    about = r"(?:über|zu|zum|zur|betreffend|bezüglich|rund um|mit dem titel|namens|zum thema|zu den themen|mit bezug auf)"
    verb = (
        r"(?:erwähnen|behandeln|enthalten|thematisieren|handeln von|handeln vom|sprechen von|sprechen über|berichten über|berichten von|schreiben über"
        r"|beziehen sich auf|befassen sich mit|beschäftigen sich mit|drehen sich um)"
    )
    verb_of_one = r"(?:erwähnt|behandelt|thematisiert|handelt von|handelt vom|spricht von|spricht über|berichtet über|berichtet von|schreibt über|befasst sich mit|beschäftigt sich mit|bezieht sich auf|dreht sich um)"
    final = r"(?:erwähnen|erwähnt|behandeln|behandelt|enthalten|nennen|thematisieren|berichten|handeln|berichtet|handelt|schreiben|sprechen|zu tun haben)"
    held = r"(?:erwähnt|genannt|vor|auf|behandelt|besprochen|zitiert|thematisiert|die rede|vorkommt|vorkommen|auftaucht|auftauchen|geht)"
    short = r"(?:kurze[rn]? |knappe[rn]? |kleine[rn]? |schnelle[rn]? )?"
    points = r"(?:punkte|aussagen|fakten|inhalte|themen|erkenntnisse|ergebnisse|botschaften)"
    report = r"(?:berichtet|geschrieben|gemeldet|veröffentlicht|bekannt(?: geworden)?|gesagt)"
    return Grammar(
        code="de",
        polite=_begins(
            r"(?:kannst|könntest|würdest|magst) du|(?:können|könnten|würden) sie|(?:kann|könnte|darf) ich|ich (?:möchte|will|brauche|hätte|würde)(?: gerne?)?"
            r"|wir (?:möchten|brauchen|wollen)|bitte|mir|uns|mal|doch|einmal|gerne?|hallo|hi|guten tag|ok|also|sag(?:e|en sie)?(?= mir)"
        ),
        closing=re.compile(
            r"[\s,.!?]*(?:bitte|danke|vielen dank|auf|auflisten|aufzählen|anzeigen|zeigen|nennen|an|sehen|haben|raus|heraus|geben|suchen|finden)?[\s.!?]*$",
            re.I,
        ),
        lists=_compiled(
            rf"(?P<asks>welche[nrms]?|was für|welches sind)(?: sind)? {which}{kind}{rest}",
            r"(?:liste|listen sie|zeige?|zeigen sie|nenne?|nennen sie|gib|geben sie|suche?|suchen sie|finde|finden sie|zähle?|zählen sie)(?: mir| uns)?(?: bitte)?(?: mal)?"
            rf"(?: (?:eine |die )?(?:liste|übersicht|aufstellung|titel|namen) (?:über|von|mit|zu)?)? ?{which}{kind}{rest}",
            rf"(?P<asks>gibt es|hast du|haben (?:sie|wir)|habe ich|liegen|finden sich|existieren) {which}{kind}{rest}",
            rf"(?:eine |die )?(?:liste|übersicht) {which}{kind}{rest}",
            rf"(?P<bare>alle |sämtliche )?(?:die |meine |unsere )?{kind}{rest}",
        ),
        counts=_compiled(
            rf"(?P<asks>wie ?viele?) (?:von |der |von den |meiner |der )?{kind}{rest}",
            rf"(?:(?:was|wie hoch|wie groß) ist |nenne? (?:mir )?)?(?:die )?(?:gesamt)?(?:zahl|anzahl|gesamtzahl) {which}{kind}{rest}",
            rf"zähle?(?:n sie)? {which}{kind}{rest}",
        ),
        idle=_begins(
            rf"(?:(?:die|welche) )?(?:(?:sind|ist|liegen|stehen|gibt) )?(?:das|es|da|hier|vorhanden|verfügbar|gespeichert|online|{place}|zur verfügung|vor|bereit|hinterlegt|dir|ihnen)"
            r"|gibt es|gibt's|hast du|haben (?:sie|wir|wir denn)|habe ich|kennst du|kennen sie|existieren|insgesamt|überhaupt|zusammen|denn|alles|alle|eigentlich|so|sind|liegen"
            r"|enthält die sammlung|umfasst die sammlung|in (?:deiner|meiner|unserer|der) sammlung|dazu"
        ),
        dated=_begins(
            r"(?:(?:die|welche|sind|wurden|ist|wurde|stammen|stammt|datieren|es|gibt es|hast du|haben wir) )*(?:(?:veröffentlicht|erschienen|erschien|erscheinen|datiert|geschrieben) )?"
            rf"(?:{PHRASE}|(?:(?<=wurden )|(?<=schienen )|(?<=gibt es )){MOMENT})"
            r"(?: (?:veröffentlicht|erschienen|erschien|geschrieben|publiziert|stammen|datieren|datiert|sind|wurden|worden|ist|wurde))*"
        ),
        spoken=_begins(
            rf"(?:(?:die|welche|sind|es|gibt es) )*(?:auf|in) (?P<tongue>{_TONGUE})(?:er sprache)?(?: (?:sind|geschrieben|verfasst|vor|es))*"
        ),
        topics=_compiled(
            rf"(?:(?:gibt es|gibt's|hast du|haben sie|haben wir|sind|liegen|es) )*{about} (?P<topic>.+?)(?: (?:vor|gibt|existieren))?",
            rf"(?:auch |denn |alle |alles |überhaupt )*{verb} (?P<topic>.+)",
            rf"(?:auch |denn |alle |alles |überhaupt )*(?P<single>{verb_of_one}) (?P<topic>.+)",
            rf"(?:die|welche|der|das|welches|welcher) (?:sich )?(?:mit |über |von |auf |um )?(?P<topic>.+?) {final}",
            rf"(?:in denen|in welchen|in dem|wo) (?:es um )?(?P<topic>.+?) {held}(?: (?:wird|werden|kommt|ist|kommen))?",
            r"(?:in denen|in welchen) von (?P<topic>.+?) die rede ist",
            r"(?:in denen )?geht es um (?P<topic>.+)",
        ),
        authors=_compiled(
            r"(?:(?:sind|ist|stammen|stammt|gibt es|die) )*(?:von|vom autor|der autorin) (?P<author>[^\d]+?)(?: (?:sind|stammen|geschrieben|verfasst))*"
        ),
        asked=_compiled(
            rf"in (?P<how>welche[nrms]?|wie ?vielen?) (?:der |meiner )?{kind} (?:wird|werden|wurde|wurden|kommt|kommen|ist|sind|taucht|tauchen|geht es um|steht etwas (?:über|zu)|steht|wird etwas über) (?P<topic>.+?)(?: {held})?(?: von die rede)?",
            rf"in (?P<how>welche[nrms]?|wie ?vielen?) (?:der |meiner )?{kind} ist (?:die rede )?von (?P<topic>.+?)(?: die rede)?",
            rf"wo (?:wird|werden|kommt|kommen) (?P<topic>.+?) (?:überall )?(?:erwähnt|genannt|vor)(?: in {which}{kind})?",
            rf"(?:wird|werden|kommt|kommen) (?P<topic>.+?) (?:irgendwo|in (?:den|meinen|irgendwelchen|einem|einem der) (?:{many}|{one})) (?:erwähnt|genannt|vor|behandelt)",
        ),
        latest=_compiled(
            rf"(?:welche[rsn]?|was|wann)(?: ist| war| sind| erschien| wurde)? (?:der |die |das |den )?(?:(?P<number>{_COUNT}) )?{order} (?:(?P<count>{_COUNT}) )?(?:{many}|{one})(?P<rest>(?:,? .+?)?)(?: (?:erschienen|veröffentlicht|geschrieben))?",
            r"was (?:gibt es|gibt's|ist) (?:denn )?(?P<order>neues|neueste|das neueste|letzte|das letzte|aktuelles)(?: (?:über|zu|zum|zur|von|vom|bei|beim|aus|in|im|rund um) (?P<topic>.+))?",
            rf"was (?:ist|wurde|wird|hat man|steht) (?P<order>zuletzt|neuerdings|kürzlich|jüngst) (?:über|zu|zum|zur|von|vom) (?P<topic>.+?) {report}(?: worden)?",
            rf"was (?:ist|wurde) (?:über|zu|zum|zur) (?P<topic>.+?) (?P<order>zuletzt|kürzlich|jüngst) {report}(?: worden)?",
            rf"(?:zeig(?:e)?(?: mir)? )?(?:die |das )?{order} (?:nachrichten|meldungen|neuigkeiten|berichte|artikel|entwicklungen)(?: (?:über|zu|zum|zur|von|vom|bei|aus) (?P<topic>.+))?",
            r"(?:was|wie) ist der (?P<order>neueste|aktuelle|letzte|jüngste) (?:stand|kenntnisstand) (?:bei|beim|zu|zum|zur|in der sache|rund um) (?P<topic>.+)",
        ),
        happened=_compiled(
            rf"was (?:alles )?(?:geschah|passierte|ereignete sich|war|stand|gab es|erschien|ist|hat sich|wurde)(?: alles)?(?: neues| los| in der zeitung| in den nachrichten)? (?P<period>{PHRASE})"
            r"(?: (?:passiert|geschehen|los|ereignet|berichtet|gemeldet|veröffentlicht|erschienen|neues|in den nachrichten|vorgefallen|zugetragen|in der zeitung))?(?: (?:worden|gewesen))?",
            rf"(?:die )?(?:nachrichten|ereignisse|meldungen) (?P<period>{PHRASE})",
        ),
        summaries=_compiled(
            r"(?P<free>)(?:fass|fasse|fassen sie)(?: mir| uns)?(?: bitte)?(?: mal)?(?: kurz)? (?P<target>.+?)(?: bitte)?(?: kurz| knapp| in (?:wenigen|ein paar|\w+) (?:sätzen|worten|zeilen|stichpunkten))? zusammen",
            r"(?P<free>)(?P<target>.+?)(?: kurz| knapp| in (?:wenigen|ein paar|\w+) (?:sätzen|worten|zeilen|stichpunkten))? (?:zusammenfassen|zusammengefasst)",
            rf"(?:(?:gib|geben sie|schreibe?|schreiben sie|erstelle?|erstellen sie|mach|mache|zeige?)(?: mir| uns)?(?: bitte)? )?(?:eine |die |einen )?{short}(?:zusammenfassung|übersicht|kurzfassung|überblick|inhaltsangabe)(?: von| zu| über| aus|:)? (?P<target>.+)",
            r"(?:worum|um was) (?:geht es|geht's|gehts|handelt es sich|dreht es sich)(?: denn| eigentlich)?(?: in| bei)? (?P<target>.+)",
            r"(?:worum|um was) (?P<target>(?:geht es|geht's|gehts))(?: denn| eigentlich)?",
            r"(?:wovon|von was) (?:handelt|handeln) (?P<target>.+)",
            r"(?:was ist|wie lautet) der inhalt (?P<target>.+)",
            rf"(?:nenne?(?:n sie)?|liste|zeige?|gib|was sind)(?: mir| uns)?(?: bitte)? (?:die )?(?:wichtigsten|zentralen|wesentlichen|größten) {points}(?: (?:aus|in|im|von))? (?P<target>.+)",
            r"(?P<target>zusammenfassung|zusammenfassen)",
        ),
        documents=_compiled(rf"{which}{kind}{rest}"),
        whole=re.compile(
            rf"(?:hier|darin|da|das|dies|es|ihn|sie|alles|dabei|das alles|das ganze|davon|geht es|geht's|gehts|zusammenfassung|zusammenfassen|den inhalt|{place})(?: denn| eigentlich| alles)?",
            re.I,
        ),
        compared=_compiled(
            r"vergleich(?:e|en sie)?(?: mir| uns)?(?: bitte)?(?: mal)? (?P<sides>.+?)(?: miteinander)?",
            r"(?P<sides>.+?)(?: miteinander)? vergleichen",
            r"(?:ein|einen) vergleich (?:von|zwischen) (?P<sides>.+)",
            r"(?:wie unterscheiden sich|was hat sich|was änderte sich|was ist der unterschied|was sind die unterschiede) (?P<sides>.+?)(?: geändert| verändert)?",
            rf"(?P<sides>{MOMENT} (?:vs\.?|versus|gegen|gegenüber) {MOMENT})",
        ),
        sides=re.compile(
            r" (?:und|mit|gegenüber|versus|vs\.?) (?:(?:dem|den|denen|der|die|das)(?: aus| von| vom| im| in)? )?(?:im )?",
            re.I,
        ),
        topic_before=re.compile(
            rf"(?:die |den |der |das )?(?:(?P<documents>{many[8:-1]}|jahre?n?|monate?n?)(?: (?:aus|von|vom|der|des|zwischen))?(?: dem| den)?|(?:zwischen|von|aus|in|im)(?: dem| den)?"
            r"|(?P<topic>.+?)(?: (?:im|in|aus|von|vom|zwischen|während)(?: dem| den)?)?)",
            re.I,
        ),
        goes_on=re.compile(
            r"(?:und|was ist mit|wie (?:sieht|steht) es mit|und was ist mit)(?: denen| den)? (?P<rest>.+?)(?: aus)?",
            re.I,
        ),
        no_topic=re.compile(
            r"\b(?:dass|weil|obwohl|wenn|ob|welche\w*|wer|was|wie|warum|wann|laut|zufolge|wurde|wurden|hat|haben|hatte|ist|sind|war|waren|wird|werden|kann|können|soll|sollen)\b",
            re.I,
        ),
    )


GRAMMARS = (_english(), _german())
