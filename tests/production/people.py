"""People at their browsers, with a mailbox and an authenticator app: nothing here reads the database."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from allauth.mfa.totp.internal import auth as totp

from bench.client import Answer, Client
from bench.forms import send, submit
from bench.stack import Stack
from bench.stack.mailbox import text

CODE = r"\b\d{3} \d{3}\b"
_SEEDS = """
import json
from allauth.mfa.models import Authenticator
from accounts.seals import unseal
rows = Authenticator.objects.filter(type="totp").select_related("user")
print("SEEDS" + json.dumps({row.user.email: unseal(row.data["secret"]) for row in rows}))
"""


class People:
    """What ``manage.py fill`` made: the brief's ids, and everybody by their part."""

    def __init__(self, stack: Stack, *words: str) -> None:
        self.stack = stack
        self.clients: list[Client] = []
        told = stack.manage("fill", *words).strip().splitlines()[-1]
        self.made: dict[str, Any] = json.loads(told)
        seeds = next(line for line in stack.manage("shell", stdin=_SEEDS).splitlines() if "SEEDS" in line)
        self.seeds: dict[str, str] = json.loads(seeds.partition("SEEDS")[2])

    def code(self, address: str, *, step: int = 0) -> str:
        """What the app of this person shows now, or showed ``step`` steps of 30 seconds ago."""
        left = 30 - time.time() % 30
        if left < 3:
            time.sleep(left + 0.1)
        return totp.format_hotp_value(totp.hotp_value(self.seeds[address], int(time.time()) // 30 + step))

    def sign_in(self, address: str) -> Client:
        """By the code in the mail, and the app's of a step ago where one is owed: the present one is for signing."""
        client = self.client()
        before = len(self.stack.mailbox.messages)
        answer = submit(client, "/account/login/", email=address)
        assert answer.status == 302, answer.text
        self.enter_code(client, answer, address, after=before)
        assert client.get("/desk/").status == 200
        return client

    def client(self) -> Client:
        """A stranger's browser, before nginx."""
        self.clients.append(self.stack.client(at="front"))
        return self.clients[-1]

    def close(self) -> None:
        for client in self.clients:
            client.close()

    def enter_code(self, client: Client, answer: Answer, address: str, *, after: int = 0) -> Answer:
        path = answer.headers["location"]
        mail = self.stack.mailbox.wait_for(address, CODE, after=after)
        (code,) = re.findall(CODE, text(mail))
        answer = submit(client, path, code=code)
        assert answer.status == 302, answer.text
        if answer.headers["location"].startswith("/account/login/factor/"):
            path = answer.headers["location"]
            answer = send(client, path, client.get(path), "/factor/", code=self.code(address, step=-1))
            assert answer.status == 302, answer.text
        return answer
