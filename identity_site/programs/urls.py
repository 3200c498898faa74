"""Where everything for programs is."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from identity_site.programs import views
from identity_site.programs.exchange import AccessTokensView
from identity_site.programs.openapi import DocsView, SchemaView
from identity_site.programs.problems import NoSuchAddress
from identity_site.programs.profile import ProfileView

api: list[URLPattern | URLResolver] = [
    path("v1/profile/", ProfileView.as_view(), name="profile_api"),
    path("v1/access-tokens/", AccessTokensView.as_view(), name="access_tokens_api"),
    path("v1/schema/", SchemaView.as_view(), name="api_schema"),
    path("v1/docs/", DocsView.as_view(), name="api_docs"),
    re_path("", NoSuchAddress.as_view(), name="no_such_address"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("_allauth/", include(("identity_site.programs.app_client", "headless"))),
    path("api/", include(api)),
    path("tokens/", views.personal_tokens, name="personal_tokens"),
    path("tokens/new/", views.new_personal_token, name="new_personal_token"),
    path(
        "tokens/<uuid:token_id>/revocation/",
        views.personal_token_revocation,
        name="personal_token_revocation",
    ),
]
