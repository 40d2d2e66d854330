"""The credit and the licence that a caption of our own ends with, as the details of its figure that they are."""

from __future__ import annotations

import re

from document.importing import details
from document.importing.pieces import UNSEEN, edges, paragraph
from document.labels import Labels
from document.tree import Node

#: As long as the document language takes them (editor/schema.ts).
_MOST = {"credit": 500, "licence": 200}


def _said() -> dict[str, str]:
    labels = Labels()
    templates = {"credit": labels.credit, "licence": labels.figure_licence}
    return {name: str(template).partition("{name}")[0] for name, template in templates.items()}


def taken(figure: Node, caption: list[Node]) -> list[Node]:
    """The caption without them. What is suggested of them becomes a suggested change of the figure's details."""
    at = _begins(caption)
    if at is None:
        return caption
    position, offset = at
    node = caption[position]
    words, rest = node["text"][:offset], node["text"][offset:]
    head = [*caption[:position], *([{**node, "text": words}] if words else [])]
    tail = [{**node, "text": rest}, *caption[position + 1 :]]
    was, becomes, suggestion = details.versions(tail)
    new, old = _read(becomes), _read(was)
    if new is None or old is None:
        return caption
    figure["attrs"].update(new)
    # A figure that was put in or struck as a whole is that, and no change of its details.
    if suggestion not in details.suggested(head):
        details.changed(figure, suggestion, **old)
    while head and head[-1]["type"] == "text":
        last = head.pop()
        if kept := last["text"].rstrip():
            head.append({**last, "text": kept})
            break
    return [*head, *edges(paragraph(tail))]


def _begins(caption: list[Node]) -> tuple[int, int] | None:
    """Node and offset at which the first of the labels stands, if nothing but words follows it."""
    label = re.compile("|".join(rf"(?<!\S){re.escape(said)}" for said in _said().values()))
    found = None
    for position, node in enumerate(caption):
        if node["type"] in UNSEEN:
            continue
        if node["type"] != "text":
            found = None
        elif found is None and (match := label.search(node["text"])):
            found = (position, match.start())
    return found


def _read(words: str) -> dict[str, str] | None:
    """What the words say of the two, "" for what they do not; None when they say anything else, or too much."""
    said = {name: re.escape(label.strip()) for name, label in _said().items()}
    match = re.fullmatch(rf"(?:{said['credit']}\s(.*?))??\s*(?:{said['licence']}\s(.*))?", words)
    if match is None:
        return None
    found = {"credit": match[1] or "", "licence": match[2] or ""}
    return found if all(len(each) <= _MOST[name] for name, each in found.items()) else None
