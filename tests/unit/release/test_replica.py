"""A replica may be behind, so nothing that decides is asked of it: embargo, sign-off, rights (TRUST 6)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import environ
import pytest
from django.apps import apps
from django.conf import settings as product
from django.db import OperationalError, connections, router
from django.test.testcases import DatabaseOperationForbidden

from config import databases
from config.metrics import exposition
from config.operations import work
from ledger import replica
from ledger.models import Job
from release import actions, public_root, visibility
from release.public import site
from tests.cast import Cast
from tests.factories.releases import again, end_embargo, scheduled, small_files

__all__ = ["small_files"]
pytestmark = pytest.mark.usefixtures("small_files")


@pytest.fixture
def refusing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A replica is configured, and every question to it fails: Django's own guard of tests refuses it."""
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgres://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("DATABASE_URL", os.environ["DATABASE_URL"])
    told = databases.databases(environ.Env(), pooled=False)[replica.ALIAS]
    told["OPTIONS"]["connect_timeout"] = 1
    monkeypatch.setitem(product.DATABASES, replica.ALIAS, connections.configure_settings({"default": told})["default"])
    monkeypatch.setitem(connections.settings, replica.ALIAS, product.DATABASES[replica.ALIAS])
    yield
    if replica.ALIAS in connections._connections.__dict__:
        del connections[replica.ALIAS]


def test_the_replica_of_these_tests_does_refuse(refusing: None, db: None) -> None:
    assert replica.alias() == "replica"
    with pytest.raises(DatabaseOperationForbidden):
        Job.objects.using(replica.alias()).exists()


def test_without_one_everything_is_asked_of_the_primary() -> None:
    assert replica.alias() == "default"


def test_clearance_embargo_and_publication_never_ask_it(
    cast: Cast, refusing: None, client: Any, run_jobs: Callable[[], int]
) -> None:
    """The whole way of a release, its pages, its public folder, and a withdrawal."""
    release = scheduled(cast)
    for name in ("approver", "lead", "press", "editor", "observer"):
        assert cast.client(cast[name]).get(f"/release/{release.pk}/").status_code == 200
        assert cast.client(cast[name]).get("/desk/").status_code == 200
    base = f"/briefs/{release.brief.slug}/"
    assert client.get(base).status_code == 404
    end_embargo(release)
    assert visibility.is_public(release)
    for path in ("/", "/feed/", "/sitemap.xml", "/search/?q=recruiters", base, f"{base}brief.pdf"):
        assert client.get(path).status_code == 200, path
    assert public_root.follow()
    run_jobs()
    actions.withdraw(actor=cast.editor, release=again(release), reason="A figure is wrong.")
    assert client.get(base).status_code == 410


def test_writing_and_reviewing_never_ask_it(cast: Cast, refusing: None) -> None:
    assert cast.thread and cast.comment and cast.proposal
    for name, path in (
        ("lead", f"/write/{cast.brief.pk}/sections/{cast.section.pk}/"),
        ("reviewer", f"/review/{cast.round.pk}/"),
        ("editor", f"/review/{cast.round.pk}/manage/"),
    ):
        assert cast.client(cast[name]).get(path).status_code == 200, path


def test_no_model_is_routed_to_it_wherever_a_row_came_from(refusing: None) -> None:
    for model in apps.get_models():
        assert router.db_for_read(model) == router.db_for_write(model) == "default", model
        came = model()
        came._state.db = replica.ALIAS
        assert router.db_for_read(model, instance=came) == "default", model
        assert not router.allow_migrate_model(replica.ALIAS, model)


def test_counts_for_monitoring_are_asked_of_it(cast: Cast, refusing: None) -> None:
    for question in (work.queues, work.mails, work.last_mail):
        with pytest.raises(DatabaseOperationForbidden):
            question()


def test_a_replica_that_is_away_only_leaves_counts_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*arguments: object) -> None:
        raise OperationalError

    monkeypatch.setattr(work, "queues", away)
    told = exposition.text().decode()
    assert "countersign_jobs{" not in told
    assert "countersign_embargoes_ahead 0.0" in told


@pytest.mark.parametrize(
    "question", [visibility.next_instant, work.ahead, lambda: list(site.addresses()), public_root.is_current]
)
def test_each_question_about_the_embargo_goes_to_the_primary(
    cast: Cast, refusing: None, question: Callable[[], Any]
) -> None:
    scheduled(cast)
    question()


def test_the_addresses_options_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """``sslmode`` of an address was thrown away with the pool's options once."""
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b@db:5432/c?sslmode=verify-full&sslrootcert=/ca.pem")
    found = databases.databases(environ.Env(), pooled=True)["default"]
    assert found["OPTIONS"]["sslmode"] == "verify-full" and found["OPTIONS"]["pool"]
    assert found["OPTIONS"]["prepare_threshold"] is None and found["DISABLE_SERVER_SIDE_CURSORS"]
    assert databases.parameters(found) == {
        "dbname": "c",
        "user": "a",
        "password": "b",
        "host": "db",
        "port": 5432,
        "sslmode": "verify-full",
        "sslrootcert": "/ca.pem",
    }
