"""Addresses of the writing room, below ``/write/``."""

from django.urls import path

from brief.views import briefs, imports, purposes, resources, room, sections, threads, versions

app_name = "brief"
urlpatterns = [
    path("", briefs.index, name="index"),
    path("new/", briefs.new, name="new"),
    path("<uuid:brief>/", briefs.home, name="home"),
    path("<uuid:brief>/edit/", briefs.edit, name="edit"),
    path("<uuid:brief>/people/", briefs.people, name="people"),
    path("<uuid:brief>/people/<int:role>/take/", briefs.take_role, name="take_role"),
    path("<uuid:brief>/objectives/", briefs.objectives, name="objectives"),
    path("<uuid:brief>/objectives/<int:objective>/cover/", briefs.cover_objective, name="cover_objective"),
    path("<uuid:brief>/objectives/<int:objective>/remove/", briefs.remove_objective, name="remove_objective"),
    path("<uuid:brief>/concept-note/", purposes.begin_note, name="begin_note"),
    path("<uuid:brief>/scope/", purposes.scope, name="scope"),
    path("<uuid:brief>/stakeholders/", purposes.stakeholders, name="stakeholders"),
    path("<uuid:brief>/stakeholders/<int:stakeholder>/remove/", purposes.remove_stakeholder, name="remove_stakeholder"),
    path("<uuid:brief>/sections/", sections.add, name="add_section"),
    path("<uuid:brief>/sections/<uuid:section>/", room.page, name="section"),
    path("<uuid:brief>/sections/<uuid:section>/edit/", sections.edit, name="edit_section"),
    path("<uuid:brief>/sections/<uuid:section>/move/", sections.move, name="move_section"),
    path("<uuid:brief>/sections/<uuid:section>/remove/", sections.remove, name="remove_section"),
    path("<uuid:brief>/sections/<uuid:section>/restore/", sections.restore, name="restore_section"),
    path("<uuid:brief>/sections/<uuid:section>/status/", sections.status, name="section_status"),
    path("<uuid:brief>/sections/<uuid:section>/document", room.document, name="document"),
    path("<uuid:brief>/sections/<uuid:section>/steps", room.exchange, name="steps"),
    path("<uuid:brief>/sections/<uuid:section>/threads/", threads.start, name="start_thread"),
    path("<uuid:brief>/threads/<uuid:thread>/reply/", threads.reply, name="reply"),
    path("<uuid:brief>/threads/<uuid:thread>/resolve/", threads.resolve, name="resolve"),
    path("<uuid:brief>/presence", resources.present, name="presence"),
    path("<uuid:brief>/figures/", resources.add_figure, name="add_figure"),
    path("<uuid:brief>/figures/<uuid:figure>", resources.figure, name="figure"),
    path("<uuid:brief>/sources/", resources.sources, name="sources"),
    path("<uuid:brief>/import/", imports.index, name="imports"),
    path("<uuid:brief>/import/<uuid:draft>/", imports.draft, name="import"),
    path("<uuid:brief>/import/<uuid:draft>/progress/", imports.progress, name="import_progress"),
    path("<uuid:brief>/import/<uuid:draft>/inside/<int:entry>/", imports.inside, name="import_inside"),
    path("<uuid:brief>/import/<uuid:draft>/report/", imports.report, name="import_report"),
    path("<uuid:brief>/import/<uuid:draft>/confirm/", imports.confirm, name="import_confirm"),
    path("<uuid:brief>/import/<uuid:draft>/discard/", imports.discard, name="import_discard"),
    path("<uuid:brief>/versions/", versions.versions, name="versions"),
    path("<uuid:brief>/versions/<int:number>/", versions.version, name="version"),
]
