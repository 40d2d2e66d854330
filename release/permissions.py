"""Who may do what on the way to the public. Subjects are briefs, as in ``brief.permissions``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brief.permissions import holds, is_author, is_lead, is_review_editor, takes_part
from brief.states import RoleName
from ledger.permits import Permits, both, either, no

is_approver = holds(RoleName.APPROVER)
is_press_officer = holds(RoleName.PRESS_OFFICER)

PERMISSIONS = Permits("release", sees=takes_part)

open_clearance = PERMISSIONS.rule(
    "open a release and its files",
    takes_part,
    doc="Everyone who holds a role on the brief: a release is built from a version they may read.",
    refuse=_("Only people with a role on this brief can open its releases."),
)
build = PERMISSIONS.rule(
    "build a candidate",
    is_review_editor,
    doc="The review editor. It closes the brief to edits.",
    refuse=_("Only the review editor builds a candidate for clearance."),
)
check_gates = PERMISSIONS.rule(
    "check the gates again",
    either(is_review_editor, is_lead),
    doc="The review editor and the lead author. A different result voids every sign-off.",
    refuse=_("Only the review editor and the lead author have the gates checked again."),
)
waive = PERMISSIONS.rule(
    "waive a gate",
    is_review_editor,
    doc="The review editor, with a reason. It changes the manifest and so voids every sign-off.",
    refuse=_("Only the review editor waives a gate, with a reason."),
)
reopen = PERMISSIONS.rule(
    "reopen the brief",
    either(is_review_editor, is_lead),
    doc="The review editor and the lead author. It withdraws the candidate and voids every sign-off.",
    refuse=_("Only the review editor and the lead author reopen a brief in clearance."),
)
sign = PERMISSIONS.rule(
    "sign or return a release",
    both(is_approver, no(is_author)),
    doc="The one approver of each publishing organisation, none of them an author of the brief.",
    refuse=_("Only an organisation's approver, who is no author of the brief, signs or returns it."),
)
launch = PERMISSIONS.rule(
    "set, move and hold the launch",
    is_press_officer,
    doc="The press officer: embargo, hold, event page.",
    refuse=_("Only the press officer sets, moves or holds the launch."),
)
see_launch = PERMISSIONS.rule(
    "see the launch",
    takes_part,
    doc="Everyone who holds a role on the brief.",
    refuse=_("Only people with a role on this brief can see its launch."),
)
withdraw = PERMISSIONS.rule(
    "withdraw what is published",
    either(is_review_editor, is_press_officer),
    doc="The review editor and the press officer, with a reason that the public reads.",
    refuse=_("Only the review editor and the press officer withdraw a published brief."),
)
