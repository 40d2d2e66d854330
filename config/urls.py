"""Every address of the product. A route that is not in the cast's sweep fails the build."""

from django.contrib import admin
from django.urls import include, path

from config import showcase, views
from config.operations import views as operations

urlpatterns = [
    # First: they are tried in their order, and a step is asked for at every few letters of everybody.
    path("write/", include("brief.urls")),
    path("", include("accounts.urls")),
    path("", include("review.urls")),
    path("live/", views.stream, name="live"),
    path("release/", include("release.urls")),
    path("", include("release.public_urls")),
    path("health/", views.health, name="health"),
    path("health/alive/", views.alive, name="alive"),
    path("health/ready/", views.ready, name="ready"),
    path("operations/", operations.page, name="operations"),
    path("components/", showcase.components, name="components"),
    path("admin/", admin.site.urls),
]

handler404 = "release.public.views.not_found"
handler500 = "ledger.failures.answer"
