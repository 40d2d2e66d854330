"""Every transition of the three machines, and every refusal between them."""

from __future__ import annotations

import pytest

from ledger.refusals import NotNow
from review.states import DISPOSITION, INVITATION, ROUND, InvitationState

MACHINES = (ROUND, INVITATION, DISPOSITION)
CASES = [(machine, state, name) for machine in MACHINES for state in machine.states.values for name in machine.by_name]


@pytest.mark.parametrize(("machine", "state", "name"), CASES, ids=lambda case: getattr(case, "name", str(case)))
def test_a_transition_starts_only_where_the_table_says(machine, state, name) -> None:  # type: ignore[no-untyped-def]
    if machine.can(state, name):
        assert machine.check(state, name).target in machine.states.values
    else:
        with pytest.raises(NotNow) as refused:
            machine.check(state, name)
        assert str(machine.label(state)) in str(refused.value.sentence)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_can_be_reached(machine) -> None:  # type: ignore[no-untyped-def]
    reached = {machine.initial}
    while more := {row.target for row in machine.transitions if row.sources & reached} - reached:
        reached |= more
    assert reached == set(machine.states.values)


@pytest.mark.parametrize("exit", ["declined", "cancelled", "withdrawn", "excluded"])
def test_nobody_comes_back_from_an_exit(exit: str) -> None:
    assert not [name for name in INVITATION.by_name if INVITATION.can(InvitationState(exit), name)]


def test_an_expired_invitation_can_be_sent_again() -> None:
    assert INVITATION.check("expired", "resend").target == "invited"
