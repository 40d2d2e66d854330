"""The public pages. They read, answer alike to everyone, and write nothing."""

from __future__ import annotations

import re

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotFound,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_safe

from release.public import site
from release.public.answers import Answer

#: More digits than any file needs, and fewer than Python refuses to read.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
#: An address that misses only its last slash.
_UNENDED = re.compile(
    r"/(?:briefs/[-\w]{1,80}(?:/editions/\d{1,3}\.\d{1,2})?(?:/sections/[0-9a-f-]{36})?|events/[-\w]{1,80})", re.ASCII
)
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def serve(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Whatever the site answers to this address; otherwise the one 404.

    Who leaves out the last slash is led to it by the address alone, whether or not anything is there.
    """
    if _UNENDED.fullmatch(request.path_info):
        return HttpResponsePermanentRedirect(f"{request.path_info}/")
    answer = site.find(request.path_info.removeprefix("/"))
    return respond(request, answer) if answer else not_found(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes and headers for what is missing, embargoed or malformed (DECISIONS, Identical 404)."""
    response = HttpResponseNotFound(render_to_string("404.html"))
    response["Cache-Control"] = "no-store"
    return response


def respond(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """With ETag, 304, HEAD and one byte range."""
    if answer.status == 200 and matches(request.headers.get("If-None-Match", ""), answer.etag):
        return _headed(HttpResponseNotModified(), answer)
    wanted = _range(request, answer)
    if wanted is None:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{answer.size}"
        return _headed(response, answer)
    start, end = wanted
    part = (start, end) != (0, answer.size)
    response_class = HttpResponse if request.method == "HEAD" or answer.artefact is None else StreamingHttpResponse
    content = [] if request.method == "HEAD" else answer.chunks(start, end)
    response = response_class(content, content_type=answer.media_type, status=206 if part else answer.status)  # type: ignore[assignment]
    response["Content-Length"] = str(end - start)
    if part:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{answer.size}"
    return _headed(response, answer)


def own_headers(answer: Answer) -> dict[str, str]:
    """What a whole 200 of this answer says of itself; policies add theirs."""
    response = _headed(HttpResponse(content_type=answer.media_type), answer)
    return {**dict(response.headers), "Content-Length": str(answer.size)}


def _headed(response: HttpResponse, answer: Answer) -> HttpResponse:
    response["Cache-Control"] = FOR_EVER if answer.immutable else "no-cache"
    if answer.status == 200:
        response["ETag"] = answer.etag
    if answer.artefact:
        response["Accept-Ranges"] = "bytes"
    if answer.download:
        header = content_disposition_header(True, answer.download)
        response["Content-Disposition"] = header or "attachment"
    return response


def matches(header: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` names this answer."""
    tags = parse_etags(header) if header else []
    return "*" in tags or etag in [tag.removeprefix("W/") for tag in tags]


def _range(request: HttpRequest, answer: Answer) -> tuple[int, int] | None:
    """``(start, end)`` exclusive; the whole when there is no usable range, None when it cannot be met."""
    whole = (0, answer.size)
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or answer.artefact is None or not any(match.groups()):
        return whole
    condition = request.headers.get("If-Range", "")
    if condition and condition != answer.etag:
        return whole
    first, last = match.groups()
    if not first:
        return (max(0, answer.size - int(last)), answer.size) if int(last) else None
    start, end = int(first), min(int(last) + 1 if last else answer.size, answer.size)
    return (start, end) if start < end else None
