"""The comment-resolution table as a file: what the asking role may see, nothing else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from document import spreadsheet
from review import permissions
from review.models import Round
from review.resolution import table
from review.views.found import round_for
from review.visibility import Viewer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _table(request: HttpRequest, round: UUID) -> tuple[Round, list[list[object]]]:
    found = round_for(request.user, round)
    permissions.read_answers(request.user, found)
    return found, table(Viewer(request.user, found))


def _file(round: Round, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = slugify(f"comments {round.title} version {round.version.number}")
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def as_csv(request: HttpRequest, round: UUID) -> HttpResponse:
    found, rows = _table(request, round)
    return _file(found, spreadsheet.csv(rows), "text/csv; charset=utf-8", "csv")


@require_safe
def as_xlsx(request: HttpRequest, round: UUID) -> HttpResponse:
    found, rows = _table(request, round)
    return _file(found, spreadsheet.xlsx(rows, title=found.title), XLSX, "xlsx")
