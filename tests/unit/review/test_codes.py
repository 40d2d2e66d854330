"""Pseudonyms, secrets and receipt numbers tell nothing."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from review import codes


@settings(deadline=None)
@given(st.integers(0, 300))
def test_a_code_is_never_given_twice(number: int) -> None:
    taken: list[str] = []
    for _place in range(number):
        taken.append(codes.draw_code(taken))
    assert len(set(taken)) == number
    assert all(re.fullmatch(r"[A-HJ-NP-Z]{1,2}", code) for code in taken)


def test_a_round_of_a_thousand_has_codes_for_all() -> None:
    taken: list[str] = []
    for _place in range(1000):
        taken.append(codes.draw_code(taken))
    assert len(set(taken)) == 1000
    assert max(map(len, taken)) == 3, "what the database holds"


def test_codes_do_not_follow_the_order_of_asking() -> None:
    orders = set()
    for _try in range(20):
        taken: list[str] = []
        for _place in range(6):
            taken.append(codes.draw_code(taken))
        orders.add(tuple(taken))
    assert len(orders) > 1
    assert any(list(order) != sorted(order) for order in orders)


def test_a_secret_has_at_least_128_bits_and_only_its_hash_is_kept() -> None:
    secret, hashed = codes.mint()
    assert len(secret) * 6 >= 128
    assert hashed == codes.digest(secret)
    assert secret not in hashed
    assert codes.mint()[0] != secret


def test_receipt_numbers_can_be_read_out() -> None:
    assert re.fullmatch(r"[2-9B-Z]{4}-[2-9B-Z]{4}", codes.receipt_number())
