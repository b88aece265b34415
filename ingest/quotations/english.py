"""English words of saying, and what speakers look like."""

from __future__ import annotations

import re

from ingest.quotations.grammar import SpeechGrammar, VerbTable, genders, language_words

# Infinitive, third person, past, participle; a regular verb by its infinitive alone. The word that belongs to it after "+". What is
# marked "!" reports without content as well ("demanded reforms"), what is marked "?" only then; "~" only beside a quotation in marks.
_VERBS = """
say says said said | tell tells told told | write writes wrote written | think thinks thought thought | add | ask | answer | reply | respond
explain | state | claim | argue | believe | insist | suggest | announce ! | confirm | note ! | stress | emphasise | emphasize | declare | maintain
warn ! | threaten ! | promise ! | pledge ! | vow ! | hope ! | fear ! | expect ! | predict ! | estimate | admit ! | acknowledge ! | concede ! | deny !
dispute ! | doubt ! | reveal | report | remark | observe | comment | recall | joke | complain ! | object ! | agree | conclude | assert | assure
allege ! | accuse ! | blame ! | urge ! | demand ! | request ! | recommend ! | propose ! | advise ! | criticise ! | criticize ! | condemn ! | denounce !
praise ! | welcome ! | reject ! | dismiss ! | describe ! | call ! | defend ? | oppose ? | back ? | lament ! | regret ! | apologise ! | apologize !
insinuate | hint | certify | disclose | boast | grumble | mutter | sigh | yell | exclaim | retort | guess | suspect | assume | signal | clarify
underline | highlight ! | rule | congratulate ? | hail ? | applaud ? | thank ~ | speak speaks spoke spoken ~ | rumour | rumor | forecast forecasts forecast forecast !
want wants wanted wanted +know | swear swears swore sworn | cry | speculate | wonder | shout | whisper | tweet | post | testify | swear swears swore sworn | quip | counter | caution
reiterate ! | repeat | reaffirm ! | indicate | contend | point points pointed pointed +out | go goes went gone +on | appeal ! | plead ! | protest ! | label ! | brand !
"""


def _regular(verb: str) -> tuple[str, str]:
    if verb.endswith("e"):
        return verb + "s", verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies", verb[:-1] + "ied"
    if verb in ("admit", "quip", "regret"):
        return verb + "s", verb + verb[-1] + "ed"
    return verb + ("es" if re.search(r"(?:s|sh|ch|x)$", verb) else "s"), verb + "ed"


def _verbs() -> VerbTable:
    table = VerbTable()
    for entry in re.split(r"[|\n]", _VERBS):
        parts = entry.split()
        if not parts:
            continue
        forms = [part for part in parts if part[0] not in "+!?~"]
        marks = [part for part in parts if part[0] in "+!?~"]
        base = forms[0]
        third, past = (forms[1], forms[2]) if len(forms) > 2 else _regular(base)
        participle = forms[3] if len(forms) > 3 else past
        gerund = (base[:-1] if base.endswith("e") else base + ("t" if base == "admit" else "")) + "ing"
        particle = next((mark[1:] for mark in marks if mark[0] == "+"), "")
        table.add(
            base,
            (third, past, base),
            (participle, base, gerund),
            particle=particle,
            content=not {"?", "~"} & set(marks),
            reports="!" in marks or "?" in marks,
        )
    return table


ENGLISH = SpeechGrammar(
    language="en",
    verbs=_verbs().frozen(),
    auxiliaries=language_words(
        "has have had is are was were be been will would did does do can could may might must should won't wouldn't can't couldn't isn't aren't "
        "wasn't weren't hasn't haven't hadn't shouldn't don't doesn't didn't cannot"
    ),
    passives=language_words("is are was were be been being"),
    agents=language_words("by"),
    nouns=re.compile(
        r"(?:claim|statement|assertion|allegation|accusation|suggestion|belief|view|opinion|hope|fear|concern|warning|promise|pledge|demand"
        r"|announcement|prediction|argument|conclusion|report|rumour|rumor|reminder|admission|denial|complaint|insistence|assurance|threat"
        r"|doubt|remark|comment|reply|answer|message|word|news|speculation|suspicion)s?$"
    ),
    sources=language_words("according_to per"),
    source_nouns=re.compile(r"(?:view|opinion|words|account|accounts|eyes|judgement|judgment|estimation)$"),
    source_prepositions=language_words("in by"),
    sources_after=frozenset(),
    references=frozenset(),
    doubtful=frozenset(),
    so=frozenset(),
    as_words=language_words("as"),
    complementisers=language_words("that whether if why how what who where when which"),
    that=language_words("that"),
    relatives=language_words("who which that whose whom"),
    possessive_relatives=language_words("whose"),
    subordinators=language_words("because although though while after before since when if unless until as"),
    conjunctions=language_words("and or but yet nor so"),
    prepositions=language_words(
        "in at on of for from to with by about against during after before under over between among into through without within "
        "across around near despite since until toward towards amid following outside inside beyond per via like upon"
    ),
    determiners=language_words(
        "the a an this that these those his her its their our my your one two three four five six several some many most all both another "
        "other no any each every"
    ),
    oblique=language_words("him them me us himself herself itself themselves"),
    reflexive=language_words("himself herself itself themselves"),
    oblique_pronouns=language_words("him them me us himself herself itself themselves"),
    pronouns=genders(m="he", f="she", p="they both", x="i we"),
    objects=genders(m="him", f="her", p="them"),
    links=language_words("of for from in at and & on to with"),
    adverbs=language_words(
        "also later then however still again already even only just now today yesterday meanwhile earlier finally simply never always "
        "repeatedly publicly previously recently has have had is was were are on reportedly once thus instead not further therefore too "
        "bluntly angrily quietly firmly frankly flatly strongly sharply openly separately"
    ),
    of_verbs=frozenset(),
    impersonal=language_words("it there this that"),
    subjunctive=frozenset(),
    conditional=frozenset(),
    hearsay=frozenset(),
    infinitive=None,
    labelling=language_words(
        "call describe label brand dismiss denounce praise condemn criticise criticize welcome hail thank speak"
    ),
    naming=language_words("call"),
    introductions=language_words("a an the as"),
    media=re.compile(
        r"(?:report|statement|letter|article|study|resolution|release|interview|editorial|paper|memo|email|post|document|ruling|speech|tweet)s?$",
        re.I,
    ),
    media_prepositions=language_words("in"),
    adverb_endings=re.compile(r".{3,}ly$"),
    definite=language_words("the"),
    titles=genders(m="mr sir lord", f="mrs ms miss lady dame", x="dr prof professor"),
    roles=re.compile(
        r"(?:\w+-)*(?:minister|president|chancellor|spokes(?:man|woman|person)|chief|chair(?:man|woman|person)?|director|head|leader"
        r"|secretary|commissioner|adviser|advisor|expert|politician|senator|mayor|general|ambassador|lawyer|judge|coach|author|researcher"
        r"|professor|bishop|pope|king|queen|premier|manager|candidate|governor|correspondent|journalist|reporter|editor|pilot|scientist"
        r"|analyst|economist|captain|commander|colonel|major|officer|prosecutor|founder|representative|official|deputy|executive|inspector"
        r"|superintendent|rector|dean|pastor|player|colleague|successor|predecessor|historian|doctor|nurse|teacher|farmer|resident|owner"
        r"|architect|biologist|astronomer|physicist|chemist|banker|baker|driver|artist|painter|singer|actor|actress|musician|conductor"
        r"|novelist|writer|poet|presenter|broadcaster|film-?maker|striker|treasurer|councillor|landlord|detective|headmaster|headmistress"
        r"|philosopher|sociologist|psychologist|surgeon|physician|innkeeper|shopkeeper|neighbour|neighbor|envoy|negotiator|mediator"
        r"|opponent|champion|student|pupil|trainer|campaigner|vice|constable|magistrate|attorney|solicitor|barrister|vicar|priest|imam"
        r"|rabbi|cardinal|archbishop|sailor|fisherman|lecturer|dentist|pharmacist|veterinarian|man|woman|witness|engineer|mp|member|critic"
        r"|activist|organiser|organizer|boss|ceo|headteacher|sergeant|sister|brother|mother|father|wife|husband|daughter|son|widow|sergeant|whip|treasurer|butcher|ranger|guard)s?$",
        re.I,
    ),
    female_roles=re.compile(
        r"(?:\w*woman|queen|sister|mother|wife|daughter|widow|chairwoman|spokeswoman)$", re.I
    ),
    no_speakers=language_words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november "
        "december percent per cent euro euros dollar dollars pound pounds year years day days week weeks month months"
    ),
    questions=language_words("whether if why how what"),
    coordinators=language_words("and but"),
    contrasts=frozenset(),
    perfects=language_words("has have"),
    perfect_ends=frozenset(),
    singular=frozenset(),
    first_person=language_words("i"),
    purposes=frozenset(),
    conditions=language_words("if unless"),
    infinitive_words=language_words("to"),
    nominative=frozenset(),
    negations=language_words("not never"),
    not_denying=language_words("only just merely without"),
    denying=language_words("deny doubt dispute refute reject"),
    nobody=language_words("nobody none no"),
    quoting=frozenset(),
    others=language_words(
        "neither latter former other others somebody someone everybody everyone nobody anybody anyone"
    ),
    named_only=frozenset(),
    performing=frozenset(),
    made_into=frozenset(),
    written=frozenset(),
    shown_by=frozenset(),
    as_what=frozenset(),
    that_less=language_words(
        "say think believe claim hope insist admit warn suggest argue add announce expect fear confirm estimate concede tell maintain predict "
        "explain note reply promise allege vow pledge"
    ),
    noun_case=False,
    verb_last=False,
    within_names=frozenset(),
    ended=re.compile("\\.(?<=[a-z]{2}\\.) +(?=Q\ue000)"),  # "in May. “…”"
    standing_alone=language_words("that this those these another some many most all both several one others"),
    bare_content=True,
)
