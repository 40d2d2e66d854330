"""What people do to a brief. Each is one transaction, one revision, one audit event."""

from brief.actions.briefs import (
    add_objective,
    add_stakeholder,
    begin_edition,
    cover_objective,
    create_brief,
    edit_brief,
    edit_objective,
    give_role,
    remove_objective,
    remove_stakeholder,
    take_role,
)
from brief.actions.checks import answer_sensitivity, ask_for_checks, set_aside, take_up
from brief.actions.claims import (
    add_claim,
    edit_claim,
    remove_claim,
    remove_contradiction,
    remove_whole,
    save_whole,
    set_contradiction,
)
from brief.actions.concept_notes import begin_concept_note
from brief.actions.exports import ask_export, remove_export
from brief.actions.figures import add_figure
from brief.actions.history import bring_back_block, bring_back_section, name_point, remove_point
from brief.actions.imports import ask_to_write, change_outline, confirm_import, discard_import, upload_draft
from brief.actions.replacing import put_back, replace_text
from brief.actions.sections import (
    add_section,
    edit_section,
    give_rights,
    move_section,
    remove_section,
    restore_section,
    set_status,
    shift_section,
    work_on,
)
from brief.actions.source_batches import discard_batch, paste_sources, take_batch
from brief.actions.sources import add_source, check_uncited, edit_source, merge_sources, remove_source
from brief.actions.suggestions import decide_suggestions, take_back_decision
from brief.actions.threads import (
    edit_comment,
    reply_to_thread,
    resolve_thread,
    see_thread,
    start_thread,
    withdraw_comment,
)
from brief.actions.versions import freeze
from brief.actions.words import remove_word, save_word

__all__ = [
    "add_claim",
    "add_figure",
    "add_objective",
    "add_section",
    "add_source",
    "add_stakeholder",
    "answer_sensitivity",
    "ask_export",
    "ask_for_checks",
    "ask_to_write",
    "begin_concept_note",
    "begin_edition",
    "bring_back_block",
    "bring_back_section",
    "change_outline",
    "check_uncited",
    "confirm_import",
    "cover_objective",
    "create_brief",
    "decide_suggestions",
    "discard_batch",
    "discard_import",
    "edit_brief",
    "edit_claim",
    "edit_comment",
    "edit_objective",
    "edit_section",
    "edit_source",
    "freeze",
    "give_rights",
    "give_role",
    "merge_sources",
    "move_section",
    "name_point",
    "paste_sources",
    "put_back",
    "remove_claim",
    "remove_contradiction",
    "remove_export",
    "remove_objective",
    "remove_point",
    "remove_section",
    "remove_source",
    "remove_stakeholder",
    "remove_whole",
    "remove_word",
    "replace_text",
    "reply_to_thread",
    "resolve_thread",
    "restore_section",
    "save_whole",
    "save_word",
    "see_thread",
    "set_aside",
    "set_contradiction",
    "set_status",
    "shift_section",
    "start_thread",
    "take_back_decision",
    "take_batch",
    "take_role",
    "take_up",
    "upload_draft",
    "withdraw_comment",
    "work_on",
]
