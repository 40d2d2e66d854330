"""Every address of the product. A route that is not in the cast's sweep fails the build."""

from django.contrib import admin
from django.urls import include, path

from config import showcase

urlpatterns = [
    path("", include("accounts.urls")),
    path("components/", showcase.components, name="components"),
    path("admin/", admin.site.urls),
]
