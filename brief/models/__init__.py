"""The brief and what its text is made of."""

from brief.models.briefs import Brief, Objective, Publisher, Role, Stakeholder
from brief.models.imports import ImportDraft
from brief.models.sections import Section, SectionRight, Step, Suggestion
from brief.models.sources import Figure, Source, SourceBatch
from brief.models.threads import Anchor, Comment, Mention, Thread
from brief.models.versions import Text, Version, VersionSection

__all__ = [
    "Anchor",
    "Brief",
    "Comment",
    "Figure",
    "ImportDraft",
    "Mention",
    "Objective",
    "Publisher",
    "Role",
    "Section",
    "SectionRight",
    "Source",
    "SourceBatch",
    "Stakeholder",
    "Step",
    "Suggestion",
    "Text",
    "Thread",
    "Version",
    "VersionSection",
]
