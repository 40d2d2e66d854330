"""The brief and what its text is made of."""

from brief.models.briefs import Brief, Objective, Publisher, Role, Stakeholder
from brief.models.checks import SectionCheck, Sensitivity, SetAside
from brief.models.claims import Claim, Contradiction, PartWhole
from brief.models.exports import Export
from brief.models.history import Moment, NamedPoint
from brief.models.imports import ImportDraft
from brief.models.sections import Section, SectionRight, Step, Suggestion
from brief.models.sources import Figure, Source, SourceBatch
from brief.models.threads import Anchor, Comment, Mention, Thread
from brief.models.versions import Text, Version, VersionSection
from brief.models.words import Acronym, Definition, PreferredTerm, Quotation

__all__ = [
    "Acronym",
    "Anchor",
    "Brief",
    "Claim",
    "Comment",
    "Contradiction",
    "Definition",
    "Export",
    "Figure",
    "ImportDraft",
    "Mention",
    "Moment",
    "NamedPoint",
    "Objective",
    "PartWhole",
    "PreferredTerm",
    "Publisher",
    "Quotation",
    "Role",
    "Section",
    "SectionCheck",
    "SectionRight",
    "Sensitivity",
    "SetAside",
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
