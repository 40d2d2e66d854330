"""Co-editors that type: each knows the section's version, sends a step on it, and takes in what it missed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from bench.client import Answer, Client

if TYPE_CHECKING:
    from brief.models import Section


class Writer:
    """One person's editor on one section. Letters go to the beginning of the first paragraph: never out of place."""

    def __init__(self, client: Client, section: Section, schema: int) -> None:
        self.client, self.version, self.schema = client, section.version, schema
        self.path = f"/write/{section.brief_id}/sections/{section.pk}/steps"
        self.name = secrets.token_hex(8)

    def type(self, letters: str = "x", steps: int = 1) -> Answer:
        """Send steps; a 409's missing steps are taken in and the steps sent again (only the last answer is timed)."""
        step = {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": letters}]}}
        sent: dict[str, Any] = {
            "client": self.name,
            "key": secrets.token_hex(8),
            "schema": self.schema,
            "steps": [step] * steps,
        }
        for _try in range(50):
            answer = self.client.post(self.path, json={**sent, "version": self.version})
            if answer.status in (200, 409):
                self.version = answer.json()["version"]
            if answer.status != 409:
                return answer
        return answer

    def pull(self) -> Answer:
        """What the others typed since."""
        answer = self.client.get(f"{self.path}?since={self.version}")
        if answer.status == 200:
            self.version = answer.json()["version"]
        return answer
