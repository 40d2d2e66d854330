"""The renderers' few words (``document.labels``) in the language of the text, not of the reader."""

from __future__ import annotations

from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from document.labels import Labels


def labels(language: str) -> Labels:
    """Labels in a brief's language; English where there is no translation yet."""
    with translation.override(language.lower()):
        return Labels(
            callouts={
                "key": _("Key message"),
                "risk": _("Risk"),
                "opportunity": _("Opportunity"),
                "case": _("Case"),
                "definition": _("Definition"),
                "note": _("Note"),
            },
            recommendation_kinds={
                "legislation": _("Legislation"),
                "investment": _("Investment and training"),
                "cooperation": _("International co-operation"),
                "partnership": _("Technology partnerships"),
                "other": "",
            },
            table=_("Table {number}"),
            figure=_("Figure {number}"),
            box=_("Box {number}"),
            recommendation=_("R{number}"),
            paragraph=_("paragraph {number}"),
            section=_("section “{title}”"),
            heading=_("“{title}”"),
            missing=_("[missing reference]"),
            missing_source=_("[missing source: {key}]"),
            addressee=_("For {name}"),
            recommendation_name=_("Recommendation {number}"),
            paragraph_name=_("Paragraph {number}"),
            note=_("Note {number}"),
            notes=_("Notes"),
            back=_("Back to the text"),
            content_notice=_("Content notice"),
            skip_section=_("Skip this section"),
            sources=_("Sources"),
            contents=_("Contents"),
            credit=_("Credit: {name}"),
            figure_licence=_("Licence: {name}"),
            scroll=_("Table, scrolls sideways"),
            missing_figure=_("Missing figure"),
            thread=_("Comment {number}"),
            summary=_("Summary"),
            imprint=_("Imprint"),
            edition=_("Edition {edition}"),
            published_by=_("Published by"),
            isbn=_("ISBN"),
            licence=_("Licence"),
            disclaimer=_("Disclaimer"),
            contact=_("Contact"),
            acknowledgements=_("Acknowledgements"),
            content_hash=_("Content hash (SHA-256)"),
            content_words=_("In words"),
            page=_("Page"),
            no_date=_("n.d."),
            months=[str(MONTHS[number]) for number in range(1, 13)],
            date=_("{day} {month} {year}"),
        )
