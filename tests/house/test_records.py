"""Invariants live in the database: the tables themselves refuse what must not be."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils.module_loading import autodiscover_modules

from ledger.permits import TABLES
from ledger.transitions import MACHINES
from tests.cast import Cast

OURS = ("config", "release", "review", "brief", "accounts", "ledger")
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]


def test_every_status_has_a_machine_and_knows_its_states() -> None:
    autodiscover_modules("states")
    known = {frozenset(machine.states.values) for machine in MACHINES.values()}
    fields = {f"{model._meta.label}": model._meta.get_field("status") for model in MODELS if _has_status(model)}
    assert fields
    assert [name for name, field in fields.items() if frozenset(dict(field.flatchoices)) not in known] == []


def _has_status(model: type[models.Model]) -> bool:
    return any(field.name == "status" for field in model._meta.get_fields())


def test_every_machine_starts_somewhere_and_reaches_every_state() -> None:
    for machine in MACHINES.values():
        reached = {machine.initial}
        while True:
            further = {step.target for step in machine.transitions if step.sources & reached} - reached
            if not further:
                break
            reached |= further
        assert reached == set(machine.states.values), machine.name


def test_every_permit_says_what_it_means() -> None:
    autodiscover_modules("permissions")
    rules = [(app, rule) for app, table in TABLES.items() for rule in table.rules.values()]
    assert rules
    bad = [
        f"{app}: {rule.name}"
        for app, rule in rules
        if not rule.doc.endswith(".") or not str(rule.sentence).endswith(".")
    ]
    assert bad == []


def test_constraints_have_names_that_say_what_they_keep() -> None:
    names = [constraint.name for model in MODELS for constraint in model._meta.constraints]
    assert len(names) > 20
    assert [name for name in names if "_" not in name or name.endswith(("_uniq", "_check"))] == []


def test_no_model_of_ours_deletes_people_along_with_what_they_did() -> None:
    """Erasing a person is an action of its own; a foreign key never does it by itself."""
    bad = []
    for model in MODELS:
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE:
                target = field.related_model
                if getattr(target, "_meta", None) and target._meta.label == "accounts.User":
                    bad.append(f"{model._meta.label}.{field.name}")
    # What belongs to the account alone goes with it.
    assert [name for name in bad if not name.startswith("accounts.")] == []


@pytest.fixture
def written(cast: Cast) -> Cast:
    assert cast.version
    return cast


@pytest.mark.parametrize("table", ["ledger_event", "brief_version", "brief_text", "brief_versionsection"])
def test_what_was_said_once_stays(written: Cast, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", [table])
        column = cursor.fetchone()[0]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
