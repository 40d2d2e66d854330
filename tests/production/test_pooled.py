"""PgBouncer between the product and PostgreSQL, pooling transactions: nothing of ours needs a session of its own.

Two connections to the server for everybody, and each transaction takes the one that was idle longest,
so that whatever a transaction left behind would be met by another's, or missed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as product
from django.db import connection

from accounts import second_factor
from accounts.models import SpentFactor
from bench.client import SESSION, Client
from brief.models import Step
from config import parts
from config.embedded import dies_with_parent, free_port, wait_until
from config.local import go_direct
from document.engine import engine
from ledger import jobs
from ledger.models import Job
from ledger.states import JobState
from release.models import SignOff
from tests.cast import Cast
from tests.factories.releases import in_clearance, small_files

__all__ = ["small_files"]
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("small_files"),
    pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed (Debian: pgbouncer)"),
]
ROOT = Path(__file__).resolve().parents[2]
POOL = 2


@pytest.fixture
def pool(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of a pool in front of the tests' database."""
    known, port = connection.settings_dict, free_port()
    server = f"host={known['HOST']} port={known['PORT']} user={known['USER']} password={known['PASSWORD']}"
    lines = [
        *("[databases]", f"{known['NAME']} = {server} dbname={known['NAME']}", "[pgbouncer]"),
        *("listen_addr = 127.0.0.1", f"listen_port = {port}", "unix_socket_dir =", "auth_type = any"),
        *("pool_mode = transaction", f"default_pool_size = {POOL}", "max_client_conn = 200", "server_round_robin = 1"),
        *(["user = nobody"] if os.geteuid() == 0 else []),
    ]
    configuration = tmp_path / "pgbouncer.ini"
    configuration.write_text("\n".join(lines) + "\n")
    log = (tmp_path / "pgbouncer.log").open("wb")
    process = subprocess.Popen(
        [str(PROGRAM), str(configuration)], stdout=log, stderr=log, preexec_fn=dies_with_parent(signal.SIGTERM)
    )

    def answers() -> bool:
        try:
            psycopg.connect(host="127.0.0.1", port=port, dbname=known["NAME"], user=known["USER"]).close()
        except psycopg.Error:
            return False
        return True

    try:
        assert wait_until(answers, 10, process), (tmp_path / "pgbouncer.log").read_text()
        yield f"postgres://{known['USER']}@127.0.0.1:{port}/{known['NAME']}"
    finally:
        process.kill()
        process.wait(10)
        log.close()


@pytest.fixture
def web(pool: str, tmp_path: Path) -> Iterator[str]:
    """The product as in production, on the pool; only what listens goes straight to PostgreSQL."""
    known, port = connection.settings_dict, free_port()
    direct = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    plain = {name: value for name, value in os.environ.items() if name not in ("TESTING", "DEMO", "DEBUG")}
    log = (tmp_path / "web.log").open("wb")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port)),
            *("--loop", "uvloop", "--no-access-log", "--timeout-graceful-shutdown", "1"),
        ],
        env={
            **plain,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": product.SECRET_KEY,
            "DATABASE_URL": pool,
            "LIVE_DATABASE_URL": direct,
            "BASE_URL": f"https://127.0.0.1:{port}",
            "DATA_DIR": str(product.DATA_DIR),
        },
        cwd=ROOT,
        stdout=log,
        stderr=log,
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            with closing(Client(address)) as client:
                return client.get("/health/").status in (200, 503)
        except OSError:
            return False

    try:
        assert wait_until(answers, 60, process), (tmp_path / "web.log").read_text()[-3000:]
        yield address
        # /health/ tells of the broker, which is not here; what fails leaves a trace.
        assert '"trace"' not in (tmp_path / "web.log").read_text()
    finally:
        process.kill()
        process.wait(10)
        log.close()


def signed_in(cast: Cast, address: str, name: str) -> Client:
    client = Client(address)
    client.cookies[SESSION] = cast.session(cast[name])
    return client


def type_words(client: Client, path: str, name: str, times: int) -> list[int]:
    """Steps as an editor sends them, again on what was missed; the statuses of those that were not stored."""
    version, wrong = 0, []
    for _number in range(times):
        key = uuid4().hex
        while True:
            step = {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": name}]}}
            body = {"version": version, "client": name, "key": key, "steps": [step]}
            answer = client.post(path, json={**body, "schema": engine().schema_version})
            if answer.status in (200, 409):
                version = answer.json()["version"]
            if answer.status == 200:
                break
            if answer.status != 409:
                wrong.append(answer.status)
                break
    return wrong


def test_authors_write_at_once_and_hear_one_another(cast: Cast, web: str) -> None:
    """Four connections of the pages' own pool, on two of PgBouncer's; the stream listens past it."""
    path = f"/write/{cast.brief.pk}/sections/{cast.section.pk}/steps"
    names, wrong, heard = ("lead", "colleague", "partner"), [], []
    clients = {name: signed_in(cast, web, name) for name in names}
    with clients["lead"].stream(f"/live/?brief={cast.brief.pk}") as lines:
        assert next(lines).startswith("retry")
        for line in lines:
            if line.startswith("event: resync"):
                break
        threads = [
            threading.Thread(target=lambda name=name: wrong.extend(type_words(clients[name], path, name, 15)))
            for name in names
        ]
        for thread in threads:
            thread.start()
        for line in lines:
            heard.append(line)
            if f'"version":{15 * len(names)}' in line.replace(" ", ""):
                break
        for thread in threads:
            thread.join(60)
    for client in clients.values():
        client.close()
    assert wrong == []
    assert Step.objects.filter(section=cast.section).count() == 15 * len(names)
    assert any(line == "event: section" for line in heard)


def test_an_approver_signs(cast: Cast, web: str) -> None:
    release = in_clearance(cast)
    approver = signed_in(cast, web, "approver")
    assert approver.get(f"/release/{release.pk}/").status == 200
    sent = {"manifest_sha256": release.manifest_sha256, "code": second_factor.current_code(cast.approver)}
    answers = [approver.post(f"/release/{release.pk}/sign/", sent) for _twice in range(2)]
    assert answers[0].status == 302, answers[0].text
    approver.close()
    signed = SignOff.objects.get(release=release)
    assert (signed.decision, signed.manifest_sha256) == ("signed", release.manifest_sha256)
    assert SpentFactor.objects.filter(user=cast.approver).count() == 1


@pytest.fixture
def through(pool: str) -> Iterator[None]:
    """This process, too, through the pool."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT=pool.rsplit(":", 1)[1].partition("/")[0], PASSWORD="")
    yield
    connection.close()
    connection.settings_dict.update(before)


def test_a_job_has_one_effect_however_many_workers_take_it(
    cast: Cast, through: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row's lock is the transaction's, so a pool of transactions keeps it."""
    kept = dict(jobs.handlers._entries)
    monkeypatch.setattr(jobs.handlers, "_entries", {**kept, "effect": _effect})
    made = [jobs.enqueue("effect", key=f"effect:{number}").pk for number in range(12)]

    def work() -> None:
        for pk in made:
            jobs.run(pk)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert Job.objects.filter(kind="effect", state=JobState.DONE, attempts=1).count() == len(made)
    assert Job.objects.filter(kind="an effect").count() == len(made)


def _effect(running: jobs.Running) -> None:
    # A second effect of the same job would have another key, and be counted.
    Job.objects.create(kind="an effect", key=uuid4().hex, due_at=running.job.due_at, queue="none")


def test_notifications_cross_the_pool(cast: Cast, through: None) -> None:
    from ledger.live import CHANNEL, notify

    direct = {**parts.parameters(), "port": cast_port(), "password": cast_password()}
    with psycopg.connect(**direct, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        notify("section", scope=cast.brief.pk, version=7)
        (told,) = listening.notifies(timeout=5, stop_after=1)
    assert json.loads(told.payload)["version"] == 7


def cast_port() -> str:
    """Of PostgreSQL itself."""
    return os.environ["DATABASE_URL"].rsplit(":", 1)[1].partition("/")[0]


def cast_password() -> str:
    return os.environ["DATABASE_URL"].split("@")[0].rpartition(":")[2]


def test_commands_that_hold_one_connection_go_past_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://pool/x")
    monkeypatch.setenv("LIVE_DATABASE_URL", "postgres://direct/x")
    go_direct(["manage.py", "shell"])
    assert os.environ["DATABASE_URL"] == "postgres://pool/x"
    for command in ("migrate", "backup", "restore", "prepare"):
        monkeypatch.setenv("DATABASE_URL", "postgres://pool/x")
        go_direct(["manage.py", command])
        assert os.environ["DATABASE_URL"] == "postgres://direct/x"
