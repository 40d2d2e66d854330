"""How distress, a person and their details, and instructions are told in French."""

import re

from document.checks.wordings.wording import Wording

_DISTRESS = re.compile(
    r"\b(?:viol(?:s|é|ée|és|ées|er|ent|ait|eur|eurs)\b(?!\s+(?:d[eu]s?\b|d['’]|la\b|le\b|les\b|l['’]))"
    r"|tortur\w+|abus(?:ée?s?)? sexuel\w*|agress\w+ sexuel\w*|violences? sexuelle\w*|pédocriminal\w*"
    r"|suicid\w+|automutil\w+|mutil\w+|décapit\w+|mort-née?s?|fausse couche|battue?s?\b|rouée?s? de coups"
    r"|électrocut\w+|étrangl\w+|affamée?s?)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:une?|la|le|cette?|cet|sa|son|jeune)\s+(?:[\w\-]+\s+){0,2}?"
    r"(?:femme|homme|fille|garçon|victime|survivante?|migrante?|ouvri(?:er|ère)|travailleu(?:r|se)|adolescente?|enfant"
    r"|mère|père|étudiante?|recrue|stagiaire|diplômée?|réfugiée?|ressortissante?|citoyen(?:ne)?|villageoise?"
    r"|candidate?)\b"
    r"|(?<!\w)(?<!y a-t-)\b(?:elle)\b"
    r"|(?<!\w)l['’](?:homme|adolescente?|enfant|étudiante?|ouvri(?:er|ère))\b",
    re.IGNORECASE,
)
_MONTH = "(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_NOUN = "(?:femme|homme|fille|garçon|ressortissante?|victime|survivante?|migrante?|adolescente?|étudiante?|mère|père)"
_NEAR = (
    "(?:mari|femme|épouse|frères?|sœurs?|soeurs?|fils|filles?|enfants?|mère|père|oncle|tante|cousine?|compagn(?:on|e))"
)
_TRADE = (
    "(?:infirmi(?:er|ère)|enseignante?|chauffeu(?:r|se)|ingénieure?|étudiante?|traduct(?:eur|rice)"
    "|programmeu(?:r|se)|agricult(?:eur|rice)|serveu(?:r|se)|cuisini(?:er|ère)|couturi(?:er|ère))"
)
_DETAILS: dict[str, re.Pattern[str]] = {
    "age": re.compile(
        r"\b(?:âgée?|alors) de \d{1,2} ans\b|\bà l['’]âge de \d{1,2}\b|\bde \d{1,2} ans\b"
        r"|\b(?:la|sa) (?:vingtaine|trentaine|quarantaine)\b"
    ),
    "origin": re.compile(
        rf"\b{_NOUN} (?:d['’]origine )?[a-zé]+(?:aise?|ois|oise|ienne?|aine?|ique|arde?|ave)\b"
        r"|\b(?:originaire|ressortissante?|citoyen(?:ne)?) (?:de|du|des|d['’])"
        r"|\b(?:née?|élevée?|grandi) (?:à|au|en|aux) [A-ZÀ-Þ]"
    ),
    "place": re.compile(
        r"\b(?:village|ville|banlieue|quartier|province|district|enceinte) (?:de |du |des |d['’])[A-ZÀ-Þ]\w+"
        r"|\b(?:[Vv]enue?s? (?:de |d['’])|près (?:de |d['’])|aux environs (?:de |d['’]))[A-ZÀ-Þ]\w{2,}"
    ),
    "work": re.compile(
        r"\b(?:travaill\w+|employée?|embauchée?|recrutée?|formée?) comme (?:une? )?\w+"
        rf"|\b(?:ancien|ancienne) \w+|\b(?:diplômée?|diplôme|licence) en \w+|\b(?:une?|était|est) {_TRADE}\b"
    ),
    "family": re.compile(
        r"\b(?:mère|père) (?:de|d['’])\s?(?:une?|deux|trois|quatre|cinq|\d)\b|\benceinte\b(?! (?:de|du|des) [A-ZÀ-Þ])"
        rf"|\bveu(?:f|ve)\b|\borpheline?\w*\b|\b(?:[Ss]on|[Ss]a|[Ss]es) (?:\w+ )?{_NEAR}\b"
    ),
    "date": re.compile(rf"\b(?:le|depuis le) (?:1er|\d{{1,2}}) {_MONTH}(?: \d{{4}})?\b|\ben {_MONTH} \d{{4}}\b"),
    "body": re.compile(
        r"\b(?:cicatrice|tatouage|tatouée?|tache de naissance|handicap\w*|fauteuil roulant|sourde?|aveugle"
        r"|séropositi\w+|diabéti\w+)\b",
        re.IGNORECASE,
    ),
    "name": re.compile(
        r"\b(?:nommée?|appelée?|surnommée?|prénommée?|dénommée?) [A-ZÀ-Þ]\w+"
        r"|\b[A-Z]\.\s?[A-Z]\.(?=\s+(?:était|avait|est|a)\b)"
    ),
}
_MANUAL = re.compile(
    r"\b(?:comment|façon de) (?:créer|falsifier|contrefaire|contourner|échapper|recruter|blanchir|appâter|tromper"
    r"|dissimuler|cacher|usurper|cloner)\b"
    r"|\b(?:sans être|pour éviter d['’]être|pour ne pas être) (?:détect|repér|identifi|trac|arrêt)\w+"
    r"|\b(?:pour (?:éviter|échapper à|déjouer)) (?:la |les )?(?:détection|vérification|modération)s?\b"
    r"|\bétape par étape\b|\bpas à pas\b"
    r"|\b(?:contourn|déjou)\w+ (?:la |le |les |l['’])?(?:vérification|modération|filtre|contrôle)s?\b"
    r"|\b(?:utilis|achet|lou)\w+ (?:une? |des )?(?:téléphone jetable|compte mule|identités? volées?)",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\s*(?:cré|ouvr|achet|enregistr|télécharg|install|utilis|choisi(?:ss)?|contact|envoy|demand|propos|offr|transfér"
    r"|publi|supprim|génér)(?:ez|er|ir|e|s|is|issez)\b",
    re.IGNORECASE,
)

FRENCH = Wording(distress=_DISTRESS, person=_PERSON, details=_DETAILS, manual=_MANUAL, step=_STEP)
