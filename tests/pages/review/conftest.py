"""Shortcuts for the pages of a review."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from review import actions
from review.models import ReviewThread, Round
from tests.cast import Cast


def at(name: str, *args: Any) -> str:
    return reverse(f"review:{name}", args=args)


def fresh(round: Round) -> Round:
    return Round.objects.select_related("brief", "version").get(pk=round.pk)


@pytest.fixture
def reviewer(cast: Cast) -> Client:
    """The reviewer, who has declared and is reading."""
    assert cast.invitation
    return cast.client(cast.reviewer)


@pytest.fixture
def editor(cast: Cast) -> Client:
    return cast.client(cast.editor)


@pytest.fixture
def author(cast: Cast) -> Client:
    return cast.client(cast.lead)


def add_comment(cast: Cast, body: str = "Please give a source.", **fields: Any) -> ReviewThread:
    """By the reviewer, on the first ten letters of the first paragraph unless told."""
    assert cast.invitation
    place = {"section": cast.section, "block": "recruit00001", "start": 0, "end": 10}
    thread: ReviewThread = actions.add_comment(
        actor=cast.reviewer, round=fresh(cast.round), body=body, **(place | fields)
    )
    return thread


def hand_in(cast: Cast) -> Any:
    return actions.submit(actor=cast.reviewer, round=fresh(cast.round))


def reload(thread: ReviewThread) -> ReviewThread:
    return ReviewThread.objects.select_related("round__brief", "invitation", "thread").get(pk=thread.pk)
