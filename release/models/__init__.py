"""A candidate, what it is made of, who signed it, and when and how it becomes public."""

from release.models.clearance import GateResult, SignOff, Waiver
from release.models.launch import Embargo, LaunchEvent
from release.models.releases import Artefact, Release
from release.models.search import Passage

__all__ = ["Artefact", "Embargo", "GateResult", "LaunchEvent", "Passage", "Release", "SignOff", "Waiver"]
