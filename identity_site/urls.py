"""Where everything of the identity site is; all of it below `/accounts/`."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from identity_site import health
from identity_site.accounts import views
from identity_site.accounts.admin import people_admin
from identity_site.accounts.invitation_page import invitation
from identity_site.accounts.sessions import sessions
from identity_site.tokens.views import jwks, renewal

accounts: list[URLPattern | URLResolver] = [
    path("", login_not_required(RedirectView.as_view(pattern_name="profile"))),
    path("profile/", views.profile, name="profile"),
    path("preferences/", views.preferences, name="preferences"),
    path("admin/", people_admin.urls),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path(".well-known/jwks.json", jwks, name="jwks"),
    path("internal/renewal/", renewal, name="renewal"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("identity_site.programs.urls")),
    # Ours in place of allauth's: it asks once more who it is, and can end a single session.
    path("password/set/", reauthentication_required(password_set), name="account_set_password"),
    path("sessions/", sessions, name="usersessions_list"),
    path("", include("allauth.urls")),
]
urlpatterns = [path("accounts/", include(accounts))]
