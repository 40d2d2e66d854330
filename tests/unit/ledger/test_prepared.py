"""Queries that are built once and asked often."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db.models import CharField, QuerySet, UUIDField
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from ledger.prepared import Among, Hole, Prepared, PreparedRows
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def people() -> QuerySet[User, tuple[object, ...]]:
    wanted = User.objects.filter(pk=Hole("id", UUIDField())).exclude(name=Hole("name", CharField()))
    return wanted.filter(is_active=True).values_list("email", "name")


def test_it_asks_for_the_values_it_is_given(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ask = Prepared(people)
    with django_assert_num_queries(3):
        assert ask(id=cast.lead.pk, name="") == [(cast.lead.email, cast.lead.name)]
        assert ask(id=cast.partner.pk, name="") == [(cast.partner.email, cast.partner.name)]
        assert ask(id=uuid4(), name="") == []


def test_values_are_never_part_of_the_statement(cast: Cast) -> None:
    ask = Prepared(people)
    assert ask(id=cast.lead.pk, name="' OR '1'='1") == [(cast.lead.email, cast.lead.name)]
    assert ask(id=cast.lead.pk, name=cast.lead.name) == []


def test_constants_of_the_query_stay(cast: Cast) -> None:
    ask = Prepared(people)
    assert ask(id=cast.lead.pk, name="")
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    assert ask(id=cast.lead.pk, name="") == []


def test_a_hole_without_a_value_is_an_error(cast: Cast) -> None:
    with pytest.raises(KeyError):
        Prepared(people)(id=cast.lead.pk)


def test_it_is_built_once(cast: Cast) -> None:
    built: list[int] = []

    def counted() -> QuerySet[User, tuple[object, ...]]:
        built.append(1)
        return people()

    ask = Prepared(counted)
    for _ in range(3):
        ask(id=cast.lead.pk, name="")
    assert len(built) == 1


def test_moments_come_with_their_zone(cast: Cast) -> None:
    def moments() -> QuerySet[User, tuple[object, ...]]:
        return User.objects.filter(pk=Hole("id", UUIDField())).values_list("date_joined")

    assert Prepared(moments)(id=cast.lead.pk) == [(cast.lead.date_joined,)]


def test_it_asks_for_several_at_once(cast: Cast) -> None:
    ask = Prepared(lambda: User.objects.filter(Among("pk", "ids", UUIDField())).order_by("email").values_list("email"))
    wanted = sorted((cast.lead.email, cast.partner.email))
    assert ask(ids=[cast.partner.pk, cast.lead.pk, uuid4()]) == [(email,) for email in wanted]
    assert ask(ids=[]) == []


def test_rows_are_as_the_orm_gives_them(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def described() -> QuerySet[User]:
        return User.objects.filter(pk=Hole("id", UUIDField())).select_related("organisation").defer("zone")

    ask = PreparedRows(described)
    for person in (cast.lead, cast.partner):
        with django_assert_num_queries(1):
            (found,) = ask(id=person.pk)
            assert (found, found.organisation, found.name) == (person, person.organisation, person.name)
        with django_assert_num_queries(1):
            assert found.zone == person.zone
    assert ask(id=uuid4()) == []


def test_what_is_joined_may_be_missing(cast: Cast) -> None:
    ask = PreparedRows(lambda: User.objects.filter(pk=Hole("id", UUIDField())).select_related("organisation"))
    User.objects.filter(pk=cast.lead.pk).update(organisation=None)
    (found,) = ask(id=cast.lead.pk)
    assert found.organisation is None
