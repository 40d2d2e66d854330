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
            acronyms=_("Acronyms"),
            glossary=_("Glossary"),
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
            archived=_("Archived copy"),
            unpublished=_("Unpublished, available on request."),
            interest=_("Declared interest: {interest}."),
            change=_("{name}: {old} → {new}"),
            changes={
                "inserted": _("Inserted"),
                "deleted": _("Deleted"),
                "moved-here": _("Moved here"),
                "moved-away": _("Moved away from here"),
            },
            attributes=_attributes(),
            blocks={
                "paragraph": _("paragraph"),
                "heading": _("heading"),
                "bullet_list": _("list with points"),
                "ordered_list": _("numbered list"),
                "table_cell": _("cell"),
                "table_header": _("header cell"),
            },
            looks=_looks(),
            yes=_("yes"),
            no=_("no"),
            no_value=_("none"),
            claimed=_("Registered as a claim"),
            unclaimed=_("No longer a claim"),
            months=[str(MONTHS[number]) for number in range(1, 13)],
            date=_("{day} {month} {year}"),
        )


def _attributes() -> dict[str, str]:
    return {
        "type": _("Kind of block"),
        "marks": _("Formatting"),
        "level": _("Heading level"),
        "start": _("First number"),
        "caption": _("Caption"),
        "colspan": _("Columns spanned"),
        "rowspan": _("Rows spanned"),
        "colwidth": _("Column width"),
        "scope": _("Header of"),
        "asset": _("Image"),
        "alt": _("Text alternative"),
        "decorative": _("Decorative"),
        "credit": _("Credit"),
        "licence": _("Licence"),
        "kind": _("Kind"),
        "title": _("Title"),
        "addressee": _("Addressee"),
    }


def _looks() -> dict[str, str]:
    return {
        "strong": _("bold"),
        "em": _("italic"),
        "superscript": _("superscript"),
        "subscript": _("subscript"),
        "link": _("link to"),
        "language": _("language"),
        "claim": _("claim"),
        "insertion": _("suggested insertion"),
        "deletion": _("suggested deletion"),
        "modification": _("suggested change"),
    }
