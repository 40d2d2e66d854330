"""How distress, a person and their details, and instructions are told in Spanish."""

import re

from document.checks.wordings.wording import Wording

_DISTRESS = re.compile(
    r"\b(?:violad[ao]s?|violaron|violador\w*|violación(?:es)?(?! (?:de|del|a)\b)|tortur\w+"
    r"|abus\w+ sexual\w*|agresi(?:ón|ones) sexual\w*|agredid[ao]s? sexual\w*|violencia sexual"
    r"|explotación sexual infantil"
    r"|suicid\w+|autolesi\w+|mutilad?\w+|decapit\w+|mortinat\w+|golpead[ao]s?|palizas?|electrocut\w+|estrangul\w+"
    r"|hambread[ao]s?|muert[ao]s? de hambre)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:un|una|la|el|esta|este|su|joven)\s+(?:[\w\-]+\s+){0,2}?"
    r"(?:mujer|hombre|niñ[ao]|chic[ao]|muchach[ao]|víctima|superviviente|sobreviviente|migrante|trabajador[a]?"
    r"|adolescente|madre|padre|estudiante|recluta|aprendiz|graduad[ao]|refugiad[ao]|ciudadan[ao]|aldean[ao]"
    r"|solicitante|menor)\b"
    r"|\b(?:ella|él)\b",
    re.IGNORECASE,
)
_MONTH = "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)"
_NOUN = (
    "(?:mujer|hombre|niñ[ao]|chic[ao]|joven|ciudadan[ao]|víctima|superviviente|migrante|adolescente|estudiante"
    "|madre|padre)"
)
_NEAR = "(?:marido|esposo|esposa|mujer|herman[ao]s?|hij[ao]s?|madre|padre|tí[ao]|prim[ao]s?|novi[ao]|pareja)"
_TRADE = (
    "(?:enfermer[ao]|maestr[ao]|profesora?|conductora?|ingenier[ao]|estudiante|traductora?|programadora?"
    "|agricultora?|camarer[ao]|cociner[ao]|costurera)"
)
_DETAILS: dict[str, re.Pattern[str]] = {
    "age": re.compile(
        r"\bde \d{1,2} años\b|\ba los \d{1,2} años\b|\bcon \d{1,2} años\b|\ba la edad de \d{1,2}\b|\bveinteañer[ao]\b"
    ),
    "origin": re.compile(
        rf"\b{_NOUN} (?:de origen )?[a-zéíóúñ]+(?:ens[ea]|és|esa|eña|eño|iana?o?|an[ao]|ina|ino|av[ao]|í)\b"
        r"|\b(?:originari[ao]|natural|nacional|ciudadan[ao]) de [A-ZÁÉÍÓÚÑ]|\b(?:nacid[ao]|nació|criad[ao]|creció) en\b"
    ),
    "place": re.compile(
        r"\b(?:aldea|pueblo|ciudad|barrio|distrito|provincia|recinto|suburbio) de [A-ZÁÉÍÓÚÑ]\w+"
        r"|\b(?:procedente de|venía de|llegó de|cerca de|a las afueras de) [A-ZÁÉÍÓÚÑ]\w{2,}"
    ),
    "work": re.compile(
        r"\b(?:trabaj\w+|emplead[ao]|contratad[ao]|formad[ao]) (?:como|de) (?:una? )?\w+"
        rf"|\b(?:un|una) (?:antigu[ao]|ex) ?\w+|\b(?:licenciad[ao]|graduad[ao]|título) en \w+"
        rf"|\b(?:una?|era|es) {_TRADE}\b"
    ),
    "family": re.compile(
        r"\b(?:madre|padre) de (?:una?|dos|tres|cuatro|cinco|\d)\b|\bembarazada\b|\bviud[ao]\b|\bhuérfan[ao]s?\b"
        rf"|\b[Ss]us? (?:\w+ )?{_NEAR}\b"
    ),
    "date": re.compile(
        rf"\b(?:el|desde el) (?:día )?\d{{1,2}} de {_MONTH}(?: (?:de|del) \d{{4}})?\b"
        rf"|\ben {_MONTH} (?:de|del) \d{{4}}\b"
    ),
    "body": re.compile(
        r"\b(?:cicatriz|cicatrices|tatuaje|tatuad[ao]|mancha de nacimiento|discapaci\w+|silla de ruedas"
        r"|sord[ao]|cieg[ao]|seropositiv\w+|diabétic\w+)\b",
        re.IGNORECASE,
    ),
    "name": re.compile(
        r"\b(?:llamad[ao]|apodad[ao]|conocid[ao] como|de nombre|se llama(?:ba)?) [A-ZÁÉÍÓÚÑ]\w+"
        r"|\b[A-Z]\.\s?[A-Z]\.(?=\s+(?:era|estaba|fue|tenía|dijo|es)\b)"
    ),
}
_MANUAL = re.compile(
    r"\bcómo (?:crear|falsificar|fingir|eludir|burlar|evadir|reclutar|captar|blanquear|engañar|ocultar|esconder"
    r"|suplantar|clonar)\b"
    r"|\b(?:sin ser|para no ser|para evitar ser) (?:detectad|descubiert|identificad|rastread|detenid)[ao]s?\b"
    r"|\bpara (?:evitar|eludir|burlar|evadir) (?:la |los |las )?(?:detección|verificación|moderación)\b|\bpaso a paso\b"
    r"|\b(?:elud|burl|evad|sorte)\w+ (?:el |la |los |las )?(?:verificaci|moderaci|filtro|control)\w*"
    r"|\b(?:us|compr|alquil)\w+ (?:un |una |unas )?"
    r"(?:teléfono desechable|cuenta mula|identidad robada|identidades robadas)",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\s*(?:cre[ae]r?|cree|abr[ae]|abrir|compr[ae]r?|registr[ae]r?|descarg(?:a|ue|ar)|instal[ae]r?|us[ae]r?"
    r"|utili(?:za|ce|zar)|eli(?:ge|ja)|elegir|contact[ae]r?|env[ií][ae]r?|pid[ae]|pedir|pregunt[ae]r?|ofre(?:ce|zca|cer)"
    r"|transf(?:iere|iera|erir)|publi(?:ca|que|car)|sub[ae]|subir|borr[ae]r?|gener[ae]r?)\b",
    re.IGNORECASE,
)

SPANISH = Wording(distress=_DISTRESS, person=_PERSON, details=_DETAILS, manual=_MANUAL, step=_STEP)
