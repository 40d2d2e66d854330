"""The comment-resolution table: the columns of the CEN/ISO commenting table, and what we add."""

from __future__ import annotations

from django.utils.translation import gettext as _

from review.today import Today, words_today
from review.visibility import Seen, Viewer, related, see_all, threads


def columns() -> list[str]:
    """The eight of CEN/ISO in their order, between number and disposition."""
    return [
        _("Number"),
        _("Version"),
        _("MB/NC (organisation or code)"),
        _("Line number"),
        _("Clause/Subclause (section)"),
        _("Paragraph/Figure/Table"),
        _("Quoted text"),
        _("Type of comment"),
        _("Severity"),
        _("Comments"),
        _("Proposed change"),
        _("Observations of the secretariat (author response)"),
        _("Disposition"),
        _("Confirmed"),
        _("Words today"),
        _("Safeguarding"),
        _("Late"),
    ]


def table(viewer: Viewer) -> list[list[object]]:
    """Header and rows: the comments handed over, as this viewer may see them."""
    rows = related(threads(viewer).filter(handed_at__isnull=False))
    ordered = rows.order_by("thread__section__order", "paragraph", "invitation__code", "number")
    seen = see_all(viewer, ordered)
    number = viewer.round.version.number
    lines = [_line(each, today, number) for each, today in zip(seen, words_today(seen), strict=True)]
    return [list(columns()), *lines]


def _line(seen: Seen, today: Today | None, version: int) -> list[object]:
    answer = seen.answer
    said = [seen.body, *(f"{reply.who}: {reply.body}" for reply in seen.replies)]
    return [
        seen.label,
        version,
        seen.organisation or seen.who,
        # Paragraphs are cited by number here, not by line; the column stays, empty, for other tools.
        "",
        seen.section_title,
        str(seen.paragraph or ""),
        seen.quotation,
        seen.type_label,
        seen.severity_label,
        "\n\n".join(words for words in said if words),
        seen.proposed_change,
        answer.response if answer else "",
        answer.label if answer else (_("withdrawn by reviewer") if seen.withdrawn else ""),
        _yes(answer is not None and answer.status == "confirmed"),
        str(today.label) if today else "",
        _yes(seen.safeguarding),
        _yes(seen.late),
    ]


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
