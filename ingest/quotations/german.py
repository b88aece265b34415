"""German words of saying, and what speakers and reported speech look like."""

from __future__ import annotations

import re

from ingest.quotations.grammar import SpeechGrammar, VerbTable, genders, language_words

# Third person of the present and of the past, participle and infinitive; the particle that stands apart after "+". What is marked
# "!" reports without content as well ("forderte Reformen"), what is marked "?" only then; "~" only beside a quotation in marks.
_VERBS = """
sagt sagte gesagt sagen | meint meinte gemeint meinen | fragt fragte gefragt fragen | antwortet antwortete geantwortet antworten
erklärt erklärte erklärt erklären | betont betonte betont betonen | behauptet behauptete behauptet behaupten
berichtet berichtete berichtet berichten ! | bestätigt bestätigte bestätigt bestätigen | schreibt schrieb geschrieben schreiben
meldet meldete gemeldet melden | äußert äußerte geäußert äußern | kommentiert kommentierte kommentiert kommentieren
argumentiert argumentierte argumentiert argumentieren | begründet begründete begründet begründen !
kritisiert kritisierte kritisiert kritisieren ! | fordert forderte gefordert fordern ! | verlangt verlangte verlangt verlangen !
warnt warnte gewarnt warnen ! | droht drohte gedroht drohen | verspricht versprach versprochen versprechen !
versichert versicherte versichert versichern | beteuert beteuerte beteuert beteuern | unterstreicht unterstrich unterstrichen unterstreichen
erläutert erläuterte erläutert erläutern | entgegnet entgegnete entgegnet entgegnen | erwidert erwiderte erwidert erwidern
ergänzt ergänzte ergänzt ergänzen | konstatiert konstatierte konstatiert konstatieren | resümiert resümierte resümiert resümieren
urteilt urteilte geurteilt urteilen | verkündet verkündete verkündet verkünden | prophezeit prophezeite prophezeit prophezeien
prognostiziert prognostizierte prognostiziert prognostizieren ! | schätzt schätzte geschätzt schätzen !
vermutet vermutete vermutet vermuten ! | glaubt glaubte geglaubt glauben | hofft hoffte gehofft hoffen !
befürchtet befürchtete befürchtet befürchten ! | fürchtet fürchtete gefürchtet fürchten ! | erwartet erwartete erwartet erwarten
beklagt beklagte beklagt beklagen ! | bemängelt bemängelte bemängelt bemängeln ! | bedauert bedauerte bedauert bedauern !
beschuldigt beschuldigte beschuldigt beschuldigen ! | bezichtigt bezichtigte bezichtigt bezichtigen !
bezweifelt bezweifelte bezweifelt bezweifeln ! | bestreitet bestritt bestritten bestreiten | leugnet leugnete geleugnet leugnen !
dementiert dementierte dementiert dementieren ! | empfiehlt empfahl empfohlen empfehlen ! | bittet bat gebeten bitten !
rät riet riet raten | plädiert plädierte plädiert plädieren ! | appelliert appellierte appelliert appellieren !
signalisiert signalisierte signalisiert signalisieren | spekuliert spekulierte spekuliert spekulieren
bekräftigt bekräftigte bekräftigt bekräftigen | skandiert skandierte skandiert skandieren | ruft rief gerufen rufen
schreit schrie geschrien schreien | formuliert formulierte formuliert formulieren | zitiert zitierte zitiert zitieren
verweist verwies verwiesen verweisen ! | besagt besagte besagt besagen | schildert schilderte geschildert schildern
erzählt erzählte erzählt erzählen | beschreibt beschrieb beschrieben beschreiben | lautet lautete gelautet lauten
moniert monierte moniert monieren ! | rügt rügte gerügt rügen ! | rechtfertigt rechtfertigte gerechtfertigt rechtfertigen !
scherzt scherzte gescherzt scherzen | spottet spottete gespottet spotten | twittert twitterte getwittert twittern
klagt klagte geklagt klagen | schimpft schimpfte geschimpft schimpfen | wettert wetterte gewettert wettern
bilanziert bilanzierte bilanziert bilanzieren | mahnt mahnte gemahnt mahnen ! | beschließt beschloss beschlossen beschließen
entscheidet entschied entschieden entscheiden | beantragt beantragte beantragt beantragen ! | erinnert erinnerte erinnert erinnern
heißt hieß geheißen heißen | informiert informierte informiert informieren | gesteht gestand gestanden gestehen
folgert folgerte gefolgert folgern | analysiert analysierte analysiert analysieren | notiert notierte notiert notieren
verdeutlicht verdeutlichte verdeutlicht verdeutlichen | präzisiert präzisierte präzisiert präzisieren
verneint verneinte verneint verneinen | wünscht wünschte gewünscht wünschen !
flüstert flüsterte geflüstert flüstern | jubelt jubelte gejubelt jubeln | gratuliert gratulierte gratuliert gratulieren
bezeichnet bezeichnete bezeichnet bezeichnen ? | nennt nannte genannt nennen ? | lobt lobte gelobt loben ! | würdigt würdigte gewürdigt würdigen !
begrüßt begrüßte begrüßt begrüßen ! | verurteilt verurteilte verurteilt verurteilen ~ | beziffert bezifferte beziffert beziffern !
spricht sprach gesprochen sprechen ? | verteidigt verteidigte verteidigt verteidigen ~ | attackiert attackierte attackiert attackieren ?
wertet wertete gewertet werten ! | rechnet rechnete gerechnet rechnen ! | protestiert protestierte protestiert protestieren
vereinbart vereinbarte vereinbart vereinbaren
verbreitet verbreitete verbreitet verbreiten | ermahnt ermahnte ermahnt ermahnen ! | unterstellt unterstellte unterstellt unterstellen !
teilt teilte geteilt teilen +mit | gibt gab gegeben geben +bekannt ! | wird wurde geworden werden +bekannt | gibt gab gegeben geben +an ! | gibt gab gegeben geben +zu
kündigt kündigte gekündigt kündigen +an ! | führt führte geführt führen +aus | führt führte geführt führen +an
fügt fügte gefügt fügen +hinzu | weist wies gewiesen weisen +hin | weist wies gewiesen weisen +zurück !
stellt stellte gestellt stellen +fest | stellt stellte gestellt stellen +klar | stellt stellte gestellt stellen +heraus
sagt sagte gesagt sagen +aus | wirft warf geworfen werfen +vor ! | lehnt lehnte gelehnt lehnen +ab ! | fordert forderte gefordert fordern +auf !
ruft rief gerufen rufen +auf ! | schlägt schlug geschlagen schlagen +vor ! | hebt hob gehoben heben +hervor
prangert prangerte geprangert prangern +an ! | merkt merkte gemerkt merken +an | mahnt mahnte gemahnt mahnen +an ! | deutet deutete gedeutet deuten +an
bietet bot geboten bieten +an | sagt sagte gesagt sagen +zu ! | sichert sicherte gesichert sichern +zu ! | räumt räumte geräumt räumen +ein
gesteht gestand gestanden gestehen +ein | legt legte gelegt legen +dar | nimmt nahm genommen nehmen +an | geht ging gegangen gehen +hervor
schätzt schätzte geschätzt schätzen +ein | spricht sprach gesprochen sprechen +aus ! | geht ging gegangen gehen +davon
geht ging gegangen gehen +aus ! |  findet fand gefunden finden +heraus
droht drohte gedroht drohen +an ! | wendet wandte gewandt wenden +ein | fasst fasste gefasst fassen +zusammen | streitet stritt gestritten streiten +ab !
einigt einigte geeinigt einigen | setzt setzte gesetzt setzen +hinzu | stimmt stimmte gestimmt stimmen +zu
bekundet bekundete bekundet bekunden | regt regte geregt regen +an ! | vermeldet vermeldete vermeldet vermelden | beruft berief berufen berufen
erhofft erhoffte erhofft erhoffen | schließt schloss geschlossen schließen +aus | drückt drückte gedrückt drücken +aus | drängt drängte gedrängt drängen
macht machte gemacht machen +deutlich | macht machte gemacht machen +klar | macht machte gemacht machen +geltend | hält hielt gehalten halten +fest
hält hielt gehalten halten +entgegen | gibt gab gegeben geben +bedenken | bringt brachte gebracht bringen +ausdruck | legt legte gelegt legen +wert
legt legte gelegt legen +nahe | sagt sagte gesagt sagen +voraus | rechnet rechnete gerechnet rechnen +vor | stellt stellte gestellt stellen +richtig
steht stand gestanden stehen | ergibt ergab ergeben ergeben | beharrt beharrte beharrt beharren | erwähnt erwähnte erwähnt erwähnen
verrät verriet verraten verraten | mutmaßt mutmaßte gemutmaßt mutmaßen | widerspricht widersprach widersprochen widersprechen
denkt dachte gedacht denken | rät riet geraten raten | ordnet ordnete geordnet ordnen +an | kontert konterte gekontert kontern
attestiert attestierte attestiert attestieren ! | bescheinigt bescheinigte bescheinigt bescheinigen ! | wirbt warb geworben werben !
pflichtet pflichtete gepflichtet pflichten +bei | fährt fuhr gefahren fahren +fort | wirft warf geworfen werfen +ein | schwärmt schwärmte geschwärmt schwärmen
poltert polterte gepoltert poltern | sagt sagte gesagt sagen +nach | schwört schwor geschworen schwören | verlautet verlautete verlautet verlauten
beurteilt beurteilte beurteilt beurteilen ~ | sieht sah gesehen sehen ~ | hält hielt gehalten halten ~ | betrachtet betrachtete betrachtet betrachten ~
feiert feierte gefeiert feiern ~ | stuft stufte gestuft stufen +ein ~ | attestiert attestierte attestiert attestieren ~ | erwägt erwog erwogen erwägen !
"""
_ADJECTIVES = (
    "überzeugt besorgt zuversichtlich sicher erfreut enttäuscht empört verärgert optimistisch skeptisch bestürzt entsetzt "
    "bereit betroffen erleichtert zufrieden erstaunt verwundert"
)
_SOURCE_NOUNS = (
    r"\w*?(?:angaben?|ansicht(?:en)?|meinung(?:en)?|auffassung(?:en)?|aussagen?|informationen|berichte?n?|(?:ein)?schätzung(?:en)?|berechnung(?:en)?"
    r"|meldung(?:en)?|quellen|umfragen?|studien?|statistik(?:en)?|ermittlung(?:en)?|darstellung(?:en)?|überzeugung|erkenntnis(?:se|sen)?|mitteilung(?:en)?"
    r"|auskunft|auskünften|vernehmen|aufzeichnungen|prognosen?|äußerung(?:en)?|erklärung(?:en)?|vorstellung(?:en)?|untersuchung(?:en)?|analysen?"
    r"|insidern|gerüchten|bewertung(?:en)?|stellungnahmen?|planung(?:en)?|hochrechnung(?:en)?|endergebnis|zwischenergebnis|recherchen|schilderung(?:en)?"
    r"|auszählung|ankündigung(?:en)?|beobachtung(?:en)?|befragung(?:en)?|erhebung(?:en)?|feststellung(?:en)?|behauptung(?:en)?|beschreibung(?:en)?"
    r"|medien|lesart|vermutung(?:en)?|theorien?|augenzeugen|zeugen|experten|erhebung(?:en)?|version|dokumenten|unterlagen)"
    r"|worten|sicht|idee|erkenntnisstand|plänen|willen|wunsch|\w*?gesetz|ermessen|dafürhalten"
)


def _verbs() -> VerbTable:
    table = VerbTable()
    for entry in re.split(r"[|\n]", _VERBS):
        parts = entry.split()
        if not parts:
            continue
        present, past, participle, infinitive, *rest = parts
        particle = next((word[1:] for word in rest if word[0] == "+"), "")
        content, reports = not {"?", "~"} & set(rest), "!" in rest or "?" in rest
        plural = past + ("n" if past.endswith("e") else "en")
        finite = (present, past, infinitive, plural)
        table.add(
            infinitive if particle == "davon" else particle + infinitive,
            finite,
            (participle, infinitive),
            particle=particle,
            content=content,
            reports=reports,
        )
        if particle and particle != "davon":
            joined = (particle + form for form in finite)
            table.add(
                particle + infinitive,
                joined,
                (particle + participle, f"{particle}zu{infinitive}"),
                content=content,
                reports=reports,
            )
    # What is only said with an adjective: "zeigte sich überzeugt"; and with "davon": "ist davon ausgegangen".
    for adjective in _ADJECTIVES.split():
        table.add("zeigen", ("zeigt", "zeigte", "zeigten", "zeigen", "gab", "gibt"), (), particle=adjective)
        table.add("sein", ("ist", "sind", "war", "waren"), (), particle=adjective)
    return table


_NO_SUBJUNCTIVES = language_words(
    "meine einige heiße laute bitte teile weise rate sehe"
)  # mostly other words


def _first_subjunctives() -> frozenset[str]:
    """The subjunctive of verbs of saying: "sage", "fordere"."""
    infinitives = (entry.split()[3] for entry in re.split(r"[|\n]", _VERBS) if entry.strip())
    return (
        frozenset(infinitive[:-1] for infinitive in infinitives if infinitive.endswith("en"))
        - _NO_SUBJUNCTIVES
    )


GERMAN = SpeechGrammar(
    language="de",
    verbs=_verbs().frozen(),
    auxiliaries=language_words(
        "hat haben hatte hatten habe hätte ist sind war waren sei wird werden wurde wurden will wollen muss musste "
        "müssen mussten kann können konnte konnten ließ lässt ließen"
    ),
    passives=language_words("wird werden wurde wurden worden werde"),
    agents=language_words("von vom durch"),
    nouns=re.compile(
        r"(?:schluss|kommentar|zitat|fazit|ergebnis|rede|bitte|sorge|angst|worte|zweifel|kritik|\w*?(?:meinung|ansicht|auffassung|aussage|behauptung|forderung|vermutung|befürchtung|hoffnung|überzeugung|ankündigung"
        r"|erklärung|vorwurf|vorwürfe|begründung|hinweis|verdacht|versprechen|drohung|warnung|meldung|nachricht|information|gerücht"
        r"|einschätzung|theorie|konsens|einigkeit|argument|einwand|einwände|mahnung|bekenntnis|beteuerung|bestätigung|eingeständnis|geständnis"
        r"|spekulation|legende|beschwerde|befehl|anweisung|anordnung|zusage|appell|aufforderung|these|prognose|stellungnahme|feststellung"
        r"|äußerung|vorschlag|aufruf|empfehlung|hinweise|gerüchte|auskunft|erkenntnis|annahme|schlussfolgerung)(?:en|n)?)$",
        re.I,
    ),
    sources=language_words("laut gemäß aus_sicht"),
    source_nouns=re.compile(f"(?:{_SOURCE_NOUNS})$", re.I),
    source_prepositions=language_words("nach"),
    sources_after=language_words("zufolge zu_folge"),
    references=language_words("demnach danach wonach demzufolge"),
    doubtful=language_words("danach"),
    so=language_words("so"),
    as_words=language_words("wie"),
    complementisers=language_words(
        "dass daß ob wie warum weshalb wieso was wer wo wann welche welcher welches inwieweit"
    ),
    that=language_words("dass daß"),
    relatives=language_words(
        "der die das dem den deren dessen denen welcher welche welches welchem welchen wo"
    ),
    possessive_relatives=language_words("deren dessen"),
    subordinators=language_words(
        "dass daß ob weil da wenn als nachdem bevor während obwohl damit indem sodass falls sobald bis seit seitdem"
    ),
    conjunctions=language_words("und oder aber sondern sowie doch denn jedoch"),
    prepositions=language_words(
        "in im an am auf aus bei beim mit nach von vom zu zum zur für gegen über unter vor hinter neben zwischen durch ohne um "
        "seit während wegen trotz laut gegenüber innerhalb außerhalb anlässlich angesichts ab bis per statt anstelle "
        "als aufgrund bezüglich hinsichtlich nahe ins ans aufs übers"
    ),
    determiners=language_words(
        "der die das ein eine einer eines kein keine dieser diese dieses jener jene sein seine seiner ihr ihre ihrer unser unsere "
        "solche solcher derartige mehrere einige viele alle zahlreiche manche beide andere zwei drei vier fünf sechs"
    ),
    oblique=language_words(
        "den dem des einem einen eines keinen keinem diesen diesem dieses seinen seinem seines ihren ihrem ihres ihm ihn ihnen "
        "sich mir mich uns dir dich euch einander jedem jeden allen vielen"
    ),
    reflexive=language_words("sich"),
    oblique_pronouns=language_words("ihm ihn ihnen sich mir mich uns dir dich euch einander"),
    pronouns=genders(m="er dieser letzterer jener", f="sie letztere diese", p="beide", x="ich wir"),
    objects=genders(m="ihm", f="ihr", p="ihnen"),
    links=language_words(
        "der des von vom für eines einer dieser seiner ihrer unserer seines ihres dieses mehrerer vieler aller beider "
        "einiger deren dessen und &"
    ),
    adverbs=language_words(
        "auch anders bislang besorgt enttäuscht erfreut überrascht verärgert empört verglichen angesprochen befragt gefragt zudem außerdem jedoch aber doch heute gestern morgen bereits schon noch nun dann dabei dazu weiter weiterhin ferner "
        "später zuvor anschließend unterdessen inzwischen indes dagegen hingegen allerdings daraufhin darauf hierzu wörtlich "
        "zuletzt mittlerweile erneut offenbar nur sogar erst zugleich gleichzeitig derweil schließlich ebenfalls nämlich lediglich "
        "so da damit dafür deshalb daher zunächst vorher kurz jetzt zwar nicht einst immer wieder öffentlich ausdrücklich offen scharf "
        "deutlich damals all demnach danach sofort bereits alles nichts etwas sonst trotzdem dennoch zusätzlich allein beispielsweise zurzeit derzeit "
        "gegenwärtig nachdem insgesamt erstmals angeblich möglicherweise neuerdings seither bisher künftig insbesondere besonders vielmehr "
        "somit hierbei hiermit danach wonach ihr gegenüber wörtlich folgendes folgende davon hier dort dies es denn daran darüber selbst unter anderem überraschend"
    ),
    of_verbs=language_words("sprechen ausgehen"),
    impersonal=language_words("es man das dies dieses"),
    subjunctive=_first_subjunctives()
    | language_words(
        "sei seien habe werde könne müsse solle wolle dürfe möge gebe stehe gehe komme brauche wisse lasse nehme mache bleibe "
        "liege sehe finde handele handle führe bestehe gelte fehle spreche trage stelle bringe erhalte halte zeige fordere "
        "verfüge gehöre befinde diene laufe stimme entspreche verliere versuche unterstütze bekomme helfe treffe spiele lebe "
        "denke glaube setze benötige erwarte betrage verstoße rechne ergebe bedeute biete reiche suche fahre ziehe kenne folge "
        "steige sinke drohe plane hoffe trete arbeite erfolge enthalte wachse leide schaffe beginne ende entstehe verlasse "
        "betreffe vertrete sage fühle greife warte richte ordne lege sterbe gerate verdiene löse rufe nutze kaufe nenne lehne "
        "werfe koste dauere scheine schließe fließe beteilige verzichte profitiere ermögliche verhindere gefährde "
    ),
    conditional=language_words(
        "hätte hätten wäre wären würde würden könnte könnten müsste müssten sollte sollten dürfte dürften gäbe "
        "gäben käme kämen ginge ließe bräuchte bräuchten läge lägen stünde stünden fände fänden nähme nähmen "
        "brächte brächten wüsste wüssten sähe sähen befände befänden böte böten säße säßen entstünde entstünden bestünde bestünden "
        "gälte gälten bekäme bekämen entspräche entsprächen ergäbe ergäben zöge zögen träfe träfen flöge flögen spräche sprächen "
        "würfe würfen stürbe stürben trüge trügen verlöre verlören schlüge schlügen wüchse wüchsen bliebe schriebe erhielte hinge "
    ),
    hearsay=language_words("soll sollen"),
    infinitive=re.compile(r"(?:\w{2,}zu\w{2,}(?:en|ern|eln)|zu \w+(?:en|ern|eln|n))$"),
    labelling=language_words(
        "nennen bezeichnen sprechen werten zurückweisen vorwerfen kritisieren warnen einstufen sehen beurteilen betrachten feiern halten "
        "würdigen loben verurteilen attackieren einschätzen beschreiben"
    ),
    naming=language_words("nennen bezeichnen"),
    introductions=language_words("als ein eine einen einem einer für"),
    media=re.compile(
        r"(?:\w*?(?:bericht|mitteilung|erklärung|studie|artikel|brief|schreiben|resolution|ankündigung|stellungnahme|urteil|papier|meldung|begründung"
        r"|kreisen?|gutachten|analyse|aufruf|protokoll|dokument|interview|ausgabe|zeitung|agentur|magazin|version)(?:en|es|s|e|n)?)$",
        re.I,
    ),
    media_prepositions=language_words("in im bei aus beim"),
    adverb_endings=re.compile(
        r".{3,}(?:ell|ens|end|lich|weise|los|bar|ig|mals|wärts|falls|seits|dings)$|(?:stunden|tage|wochen|monate|jahre)lang$"
    ),
    definite=language_words("der die das des dem den"),
    titles=genders(m="herr herrn", f="frau", x="dr prof professor doktor dipl sir lord"),
    roles=re.compile(
        r"(?:\w+-)*\w*?(?:minister|präsident|kanzler|sprecher|chef|vorsitzende[rn]?|vorstand|direktor|leiter|sekretär|beauftragte[rn]?"
        r"|berater|experte|experten|politiker|abgeordnete[rn]?|senator|bürgermeister|general|botschafter|anwalt|anwält|richter|trainer"
        r"|autor|forscher|professor|bischof|papst|könig|premier|kommissar|manager|kandidat|gouverneur|korrespondent|journalist|reporter"
        r"|redakteur|pilot|wissenschaftler|analyst|ökonom|verteidiger|kapitän|kommandeur|oberst|chefin|staatsanwalt|geschäftsführer"
        r"|mitglied|gründer|erfinder|vertreter|inspekteur|intendant|rektor|dekan|pfarrer|regisseur|spieler|coach|kollege|amtskollege"
        r"|amtsinhaber|stellvertreter|nachfolger|vorgänger|landrat|stadtrat|rätin|historiker|arzt|ärztin|kanzlerin|zeuge|zeugin|rezensent"
        r"|präses|vizechef|patriarch|dirigent|schauspieler|sänger|musiker|biologe|physiker|chemiker|meteorologe|soziologe|psychologe"
        r"|jurist|aktivist|bauer|landwirt|unternehmer|investor|schiedsrichter|ermittler|fahnder|wirt|hausmeister|lehrer|lehrerin"
        r"|schulleiter|student|schüler|nachbar|beamte[rn]?|schwiegersohn|schwiegertochter|ehefrau|ehemann|tochter|witwe|bruder|schwester"
        r"|obmann|referent|kämmerer|moderator|kritiker|nutzer|offizier|diplomat|unterhändler|vermittler|gesandte[rn]?)(?:in|innen|s|n|es)?$",
        re.I,
    ),
    female_roles=re.compile(r"(?:\w+(?:in|innen|frau)|frau|ärztin|rätin|königin)$", re.I),
    no_speakers=language_words(
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april mai juni juli august september "
        "oktober november dezember uhr prozent euro dollar millionen milliarden jahr jahre jahren tag tage tagen woche wochen monat monate abend morgen "
        "mittag nachmittag vormittag nacht wochenende anfang ende mitte zeit vergangenheit montagabend fall zusammenhang interview "
        "anschluss rahmen hinweis blick deutsch rande gespräch teil reihe grund mal folge"
    ),
    questions=frozenset(),
    coordinators=language_words("und aber"),
    contrasts=language_words("während aber doch jedoch allerdings wobei"),
    perfects=language_words("hat haben"),
    perfect_ends=language_words("haben sein worden"),
    singular=language_words("er es man"),
    first_person=language_words("ich"),
    purposes=language_words("um ohne statt anstatt"),
    conditions=language_words("wenn falls als nachdem"),
    infinitive_words=language_words("zu"),
    nominative=language_words("der ein kein"),
    negations=language_words("nicht nie niemals"),
    not_denying=language_words("nur allein bloß ohne zuletzt umsonst"),
    denying=language_words(
        "bestreiten leugnen dementieren bezweifeln ausschließen zurückweisen verhehlen anzweifeln schließen weisen"
    ),
    nobody=language_words("niemand niemanden niemandem keiner keine kein"),
    quoting=language_words("zitieren"),
    others=language_words("weder erstere ersterer ersterem letztere letzterer letzterem"),
    named_only=language_words("heißen"),
    performing=language_words("erklären"),
    made_into=language_words("für zum zur"),
    written=language_words("stehen"),
    shown_by=language_words("hervorgehen"),
    as_what=language_words("als"),
    that_less=frozenset(),
    noun_case=True,
    verb_last=True,
    within_names=language_words(
        "der die das des dem den ein eine eines einer von vom für und in im bei aus am"
    ),
    ended=re.compile(r"\.(?<=[a-zäöüß]{4}\.) +(?=\d)"),  # "im Werk. 46 Leute …"
    standing_alone=frozenset(),
    bare_content=False,
)
