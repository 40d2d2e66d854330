"""What people do to releases: clearance, and the launch."""

from release.actions.candidate import build_candidate
from release.actions.clearance import check_again, reopen, return_release, sign, waive
from release.actions.launch import hold, resume, save_event, set_embargo, withdraw

__all__ = [
    "build_candidate",
    "check_again",
    "hold",
    "reopen",
    "resume",
    "return_release",
    "save_event",
    "set_embargo",
    "sign",
    "waive",
    "withdraw",
]
