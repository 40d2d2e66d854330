"""A hint costs the request nothing, whatever the broker does."""

from __future__ import annotations

import threading
import time

import pytest
from kombu.exceptions import OperationalError

from ledger import hints


def test_who_tells_does_not_wait() -> None:
    gate = threading.Event()
    sent: list[int] = []

    def slow(message: int) -> None:
        gate.wait(5)
        sent.append(message)

    messenger = hints.Messenger(slow)
    began = time.monotonic()
    for number in range(10):
        messenger.tell(number)
    assert time.monotonic() - began < 0.2 and not sent
    gate.set()
    messenger.settle()
    assert sent == list(range(10))


def test_a_broker_that_is_away_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def away(message: int) -> None:
        tried.append(message)
        raise OperationalError

    messenger = hints.Messenger(away)
    for number in range(5):
        messenger.tell(number)
    messenger.settle()
    assert tried == [0]


def test_it_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "PAUSE", 0.0)
    answers = [OSError("refused"), RuntimeError("a mistake"), None]
    sent: list[int] = []

    def send(message: int) -> None:
        answer = answers.pop(0)
        if answer:
            raise answer
        sent.append(message)

    messenger = hints.Messenger(send)
    for number in range(3):
        messenger.tell(number)
    messenger.settle()
    assert sent == [2]


def test_more_hints_than_can_wait_are_left_to_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "MOST", 3)
    gate = threading.Event()
    sent: list[int] = []
    messenger = hints.Messenger(lambda number: (gate.wait(5), sent.append(number))[1])
    for number in range(20):
        messenger.tell(number)
    gate.set()
    messenger.settle()
    assert 3 <= len(sent) <= 4
