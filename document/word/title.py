"""The title page, from the tree's metadata."""

from __future__ import annotations

from typing import Any

from document.pandoc import ast
from document.pandoc.ast import Block


def title_page(meta: dict[str, Any]) -> list[Block]:
    """Title, subtitle, publishers and date, each in its style."""
    shown: list[Block] = []
    for name, style in (("title", "Title"), ("subtitle", "Subtitle"), ("author", "Author"), ("date", "Date")):
        value = meta.get(name)
        if value is None:
            continue
        lines = [each["c"] for each in value["c"]] if value["t"] == "MetaList" else [value["c"]]
        shown += [ast.div(ast.attr(custom_style=style), [ast.para(line)]) for line in lines]
    return shown
