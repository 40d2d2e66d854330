"""What every test stands on: a database of its own, private folders, the cast."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django import DjangoDbBlocker

from tests import database, settings

if TYPE_CHECKING:
    from tests.cast import Cast


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    shutil.rmtree(database.files().parent, ignore_errors=True)
    while settings.SERVERS:
        settings.SERVERS.pop().stop()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A copy of the migrated template, under a name of this run and worker."""
    from django.db import connections

    name = database.run_name()
    default = connections["default"].settings_dict
    before, url = default["NAME"], os.environ["DATABASE_URL"]
    with django_db_blocker.unblock():
        connections.close_all()
        database.make_database(default, name)
        default["NAME"] = name
    # For processes that tests start.
    os.environ["DATABASE_URL"] = url.rsplit("/", 1)[0] + f"/{name}"
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        default["NAME"] = before
        database.drop_database(default, name)
    os.environ["DATABASE_URL"] = url


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once(django_test_environment: None) -> Iterator[None]:
    """Each test client makes the middleware anew, and WhiteNoise then looks at 250 files: 30 ms, thousands of times."""
    from django.conf import settings
    from whitenoise.middleware import WhiteNoiseMiddleware

    listed: dict[str, dict[str, Any]] = {}
    every_time = WhiteNoiseMiddleware.add_files_from_finders

    def once(middleware: Any) -> None:
        where = repr((middleware.static_prefix, settings.STATICFILES_DIRS))
        if where not in listed:
            every_time(middleware)
            listed[where] = dict(middleware.files)
        middleware.files.update(listed[where])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """After a test that commits."""
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: database.empty())
        yield


@pytest.fixture(autouse=True)
def _plain_translation() -> Iterator[None]:
    """A test that activates a language or a zone leaves none behind."""
    from django.utils import timezone, translation

    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """``run_jobs()`` does everything that is due, also what that causes."""
    from ledger import jobs

    return jobs.run_due


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast (``tests/cast.py``); records beyond the people are made when asked for."""
    from tests.cast import Cast

    return Cast()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits, tries and presence of one test are none of the next one's."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _nothing_public() -> Iterator[None]:
    """What one test made public, another finds in the folder: the folder outlives the rows."""
    yield
    shutil.rmtree(database.files() / "public", ignore_errors=True)
