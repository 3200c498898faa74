"""Where everything of the identity site is; all of it below `/accounts/`."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from identity_site import health
from identity_site.accounts import views
from identity_site.accounts.admin import people_admin
from identity_site.tokens.views import jwks

accounts: list[URLPattern | URLResolver] = [
    path("", login_not_required(RedirectView.as_view(pattern_name="profile"))),
    path("profile/", views.profile, name="profile"),
    path("preferences/", views.preferences, name="preferences"),
    path("admin/", people_admin.urls),
    path(".well-known/jwks.json", jwks, name="jwks"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("allauth.urls")),
]
urlpatterns = [path("accounts/", include(accounts))]
