"""Addresses that everyone may read. What exists below them is decided in ``release.public.site``."""

from django.urls import path, re_path

from release.public.search import search
from release.public.views import serve

urlpatterns = [
    path("", serve, name="library"),
    path("feed/", serve, name="feed"),
    path("sitemap.xml", serve, name="sitemap"),
    path("search/", search, name="search"),
    path("robots.txt", serve, name="robots"),
    re_path(r"^briefs/(?P<rest>.*)$", serve, name="public_brief"),
    re_path(r"^events/(?P<rest>.*)$", serve, name="public_event"),
]
