"""Filling in a page's form as a browser without scripts does: hidden fields and defaults come along."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html

from bench.client import Answer, Client


def submit(client: Client, path: str, action: str = "", /, **values: Any) -> Answer:
    """Open ``path`` and send its form to an address that ends with ``action`` (or to itself) with ``values``.

    A value of None leaves a field out; ``files`` are {field: (name, bytes, type)}. Raises LookupError
    when the page has no such form.
    """
    page = client.get(path)
    if page.status != 200:
        raise LookupError(f"{path} answers {page.status}")
    return send(client, path, page, action, **values)


def send(client: Client, path: str, page: Answer, action: str = "", /, **values: Any) -> Answer:
    """The same with a page that is open already."""
    files = values.pop("files", None)
    form = _form(page, path, action)
    pairs = [(name, value) for name, value in form.form_values() if name not in values]
    pairs += [(name, value) for name, value in values.items() if value is not None]
    return client.post(_target(form, path), pairs, files=files)


def _form(page: Answer, path: str, action: str) -> Any:
    document: Any = html.fromstring(page.body)
    forms = [form for form in document.forms if form.method == "POST"]
    for form in forms:
        if _target(form, path).partition("?")[0].endswith(action or path.partition("?")[0]):
            return form
    known = ", ".join(_target(form, path) for form in forms)
    raise LookupError(f"{path} has no form to {action or path!r}; it has: {known}")


def _target(form: Any, path: str) -> str:
    parts = urlsplit(urljoin(path, str(form.action or path)))
    return parts.path + (f"?{parts.query}" if parts.query else "")
