"""One's own profile, for programs."""

from typing import TYPE_CHECKING, Any

from allauth.mfa.utils import is_mfa_enabled
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers

from identity_site.accounts.models import User

if TYPE_CHECKING:
    UserSerializer = serializers.ModelSerializer[User]
    ProfileAPIView = generics.RetrieveUpdateAPIView[User]
else:
    UserSerializer = serializers.ModelSerializer  # these know their model only to the type checker
    ProfileAPIView = generics.RetrieveUpdateAPIView


class ProfileSerializer(UserSerializer):
    """Who somebody is here. The rules for name and language are the model's, as on the page."""

    has_second_factor = serializers.SerializerMethodField(
        help_text="Whether a second factor is asked for at sign-in."
    )

    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "role", "has_second_factor"]
        read_only_fields = ["id", "email", "role"]

    def get_has_second_factor(self, user: User) -> bool:
        """Tell whether they have set up a second factor."""
        return bool(is_mfa_enabled(user))

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        """Write what was sent and nothing else: an administrator may change the rest meanwhile."""
        for field, value in validated_data.items():
            setattr(instance, field, value)
        instance.save(update_fields=list(validated_data))
        return instance


@extend_schema_view(
    get=extend_schema(operation_id="get_profile", summary="Read your profile", tags=["Profile"]),
    patch=extend_schema(
        operation_id="update_profile",
        summary="Change your name or language",
        description="What is not sent, and what cannot be changed here, stays as it is.",
        tags=["Profile"],
    ),
)
@method_decorator(never_cache, name="dispatch")
class ProfileView(ProfileAPIView):
    """Who you are here, and what you may change about it."""

    http_method_names = ["get", "head", "patch"]
    serializer_class = ProfileSerializer

    def get_object(self) -> User:
        """Return whoever asks, read anew."""
        return get_object_or_404(User, pk=self.request.user.pk)
