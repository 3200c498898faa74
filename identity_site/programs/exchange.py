"""Where a program exchanges its personal token for an access token."""

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity_site.accounts.models import User
from identity_site.programs.authentication import BearerAuthentication
from identity_site.programs.models import PersonalToken, Scope
from identity_site.tokens.access_token import NotEntitled, mint_scoped


class PersonalTokenAuthentication(BearerAuthentication):
    """A living personal token of somebody active, in the Authorization header; nothing else."""

    def user_and_auth_of(self, request: Request, token: str) -> tuple[User, PersonalToken]:
        """Return owner and personal token."""
        found = PersonalToken.objects.living().of_secret(token).select_related("owner").first()
        if found is not None and found.owner.is_active:
            return found.owner, found
        # Too many fail from one address only after a look: a good token is never locked out.
        if not ratelimit.consume(request._request, action="personal_token_failed"):
            raise Throttled
        raise AuthenticationFailed(_("The personal token is not good, or not good any more."))


class AccessTokenSerializer(serializers.Serializer[None]):
    """An access token as OAuth describes it (RFC 6749, 5.1)."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds for which it is good.")
    scope = serializers.ChoiceField(Scope.values, help_text="What it may do, within your role.")


@method_decorator(never_cache, name="dispatch")
class AccessTokensView(APIView):
    """Access tokens for the inventory site."""

    authentication_classes = [PersonalTokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="exchange_personal_token",
        summary="Exchange a personal token for an access token",
        description=(
            "Send no body. The access token is good for 15 minutes and may do what the personal"
            " token may, as far as your role still includes it."
        ),
        tags=["Personal tokens"],
        request=None,
        responses={201: AccessTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        """Hand out an access token for the personal token that came with the request."""
        personal_token: Any = request.auth  # of our authentication class, unlike the stubs think
        owner = personal_token.owner
        scope = Scope(personal_token.scope).within(owner.role)
        try:
            access_token = mint_scoped(
                owner,
                sid=personal_token.sid,
                client_id=f"token:{personal_token.pk}",
                scope=scope,
                auth_time=int(personal_token.created_at.timestamp()),
            )
        except NotEntitled as error:  # they left in this moment
            raise AuthenticationFailed from error
        personal_token.note_use()
        return Response(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": settings.TOKEN_SECONDS,
                "scope": scope,
            },
            status=201,
        )
