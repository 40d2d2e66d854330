"""What is written in capitals and stands for no words: formulas, numerals, units, money, grades, references."""

from __future__ import annotations

import re

#: Names of standards, money and machines that nobody writes out, and words that somebody stresses.
_KNOWN = """
    ISBN ISSN DOI ISO IBAN ORCID URL PDF HTML XML HTTP HTTPS WWW JSON CSV USB SIM SMS PIN GPS QR ATM CD DVD TV MP3 MP4
    ID UTC GMT CET CEST EET EEST AM PM BC AD BCE CE EUR USD GBP CHF UK US USA OK CV FAQ DNA RNA HIV AIDS COVID
    COVID-19 PhD MBA LLM LLB CETS UNTS ECLI OJ
    NOT AND OR BUT ALL ANY MUST ONLY NEVER
"""
KNOWN = frozenset(_KNOWN.split())
#: Elements of the formulas that policy texts have. Iodine and others are not here: SIS2 is no salt.
_ELEMENT = r"(?:Cl|Na|Ca|Mg|Al|Si|Fe|Cu|Zn|Pb|Hg|Li|Br|[HCNOSPFKB])"
_FORMULA = re.compile(rf"(?!COP\d)(?=.*[a-z\d])(?:{_ELEMENT}(?:1[0-2]|[1-9])?)+")
_ROMAN = re.compile(r"(?=[IVXLC]{2,}|[IVXLCDM]{4,})M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
#: Between a number and the next word.
_UNIT_NAMES = """KB MB GB TB PB KW MW GW TW MV KV VA MVA HP BTU PPM PPB RPM DPI AC DC"""
_UNITS = frozenset(_UNIT_NAMES.split())
#: ISO 4217, without those that are better known otherwise (SDG, COP, CRC).
_MONEY_CODES = """
    AED AFN AMD AOA ARS AUD AZN BAM BDT BGN BHD BIF BND BOB BRL BWP BYN BZD CAD CDF CHF CLP CNY CVE CZK
    DJF DKK DOP DZD EGP ERN ETB EUR FJD GBP GEL GHS GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD ISK JMD JOD JPY
    KES KGS KHR KMF KRW KWD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
    NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SBD SCR SEK SGD SLE SOS SRD STN SYP
    SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
_MONEY = frozenset(_MONEY_CODES.split())
#: What a number or a letter follows: "Annex IIA", "Form DS-160", "grade GS-13".
_LABELLED = re.compile(
    r"\b(?:annex(?:e|es)?|appendix|article|art\.|chapter|class|category|figure|form|grade|group|level|model|paragraph|"
    r"para\.|part|phase|room|rule|schedule|section|step|table|tier|title|type)\s$",
    re.I,
)
_NUMBERED = re.compile(r"[A-Z]{1,3}-?\d{1,4}[A-Z]?|[IVX]{1,5}[A-D]")
#: "CEDAW/C/GC/38", "COM(2021)", "ICC-01/04", "CETS No. 5", "ECLI:EU:C:2019:5", "(EU) 2016/679"
_REFERENCE = re.compile(r"(?:/[\w.]+){0,6}/(?:[\w.]*\.)?\d|\(\d{4}\)|\)\s\d{2,4}/\d|:\w|\s(?:Nos?|no)\.?\s?\d")


def is_code(text: str, start: int, end: int) -> bool:
    """Whether the capitals from ``start`` to ``end`` are a code, which is never written out."""
    word, before, after = text[start:end], text[:start][-24:], text[end : end + 60]
    return (
        word in KNOWN
        or bool(_ROMAN.fullmatch(word) or _FORMULA.fullmatch(word) or re.fullmatch(r"[FC]Y\d{2,4}", word))
        or (word in _UNITS and bool(re.search(r"\d[\s\u00a0\u202f]?$", before)))
        or (word in _MONEY and _beside_a_number(before, after))
        or (len(set(word)) == 1 and (len(word) > 2 or after[:1] in tuple("+-−")))
        or bool(_LABELLED.search(before) and _NUMBERED.fullmatch(word))
        or bool(_REFERENCE.match(after) or re.search(r"\w:$", before))
    )


def _beside_a_number(before: str, after: str) -> bool:
    """Money stands before its sum, or behind it: "PLN 500", "20 million MDL"."""
    return bool(
        re.match(r"[\s\u00a0\u202f]?\d", after)
        or re.search(r"\d[\s\u00a0\u202f]?(?:(?:thousand|million|billion|bn|m)[\s\u00a0])?$", before)
    )
