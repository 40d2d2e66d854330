"""Addresses of clearance and launch, below ``/release/``."""

from django.urls import path

from release.views import briefs, clearance, files, launch

app_name = "release"
urlpatterns = [
    path("brief/<uuid:brief>/", briefs.releases, name="brief"),
    path("brief/<uuid:brief>/revise/", briefs.revise, name="revise"),
    path("<uuid:release>/", clearance.page, name="clearance"),
    path("<uuid:release>/progress/", clearance.progress, name="progress"),
    path("<uuid:release>/sign/", clearance.sign, name="sign"),
    path("<uuid:release>/return/", clearance.give_back, name="return"),
    path("<uuid:release>/check/", clearance.check_again, name="check"),
    path("<uuid:release>/gates/<slug:gate>/waive/", clearance.waive, name="waive"),
    path("<uuid:release>/reopen/", clearance.reopen, name="reopen"),
    path("<uuid:release>/files/<path:name>", files.artefact, name="artefact"),
    path("<uuid:release>/preview/", files.preview, name="preview"),
    path("<uuid:release>/preview/figures/<str:name>", files.figure, name="preview_figure"),
    path("<uuid:release>/launch/", launch.page, name="launch"),
    path("<uuid:release>/launch/embargo/", launch.embargo, name="embargo"),
    path("<uuid:release>/launch/hold/", launch.hold, name="hold"),
    path("<uuid:release>/launch/resume/", launch.resume, name="resume"),
    path("<uuid:release>/launch/event/", launch.event, name="event"),
    path("<uuid:release>/withdraw/", launch.withdraw, name="withdraw"),
]
