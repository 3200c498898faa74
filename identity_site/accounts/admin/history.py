"""The history of people: who changed whose role, or did what, and when. Only to be read."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from identity_site.accounts.admin.filters import WhatFilter
from identity_site.accounts.models import PersonChange

if TYPE_CHECKING:
    ChangeAdmin = admin.ModelAdmin[PersonChange]
else:
    ChangeAdmin = admin.ModelAdmin  # which knows its model only to the type checker


class HistoryAdmin(ChangeAdmin):
    """A list of changes, newest first, and no other page: the database lets nobody edit them."""

    list_display = ["changed_at"]
    list_filter = [WhatFilter]
    list_select_related = ["person", "changed_by"]
    list_per_page = 50
    search_fields = ["person__name", "person__email", "changed_by__name", "changed_by__email"]
    show_full_result_count = False
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """Route the list alone."""
        return [route for route in super().get_urls() if str(route.pattern) == ""]

    def has_change_permission(self, request: HttpRequest, obj: PersonChange | None = None) -> bool:
        """Refuse."""
        return False
