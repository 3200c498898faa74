"""allauth's passkey forms, for which whatever a library cannot read is simply no passkey.

allauth expects what browsers make: anything else, even a wrong signature, would be a server error.
"""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth_forms
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 50


class CredentialField(forms.JSONField):
    """What the browser's script puts into a hidden field: a JSON object."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Read it; raise `ValidationError` for all else, and when too deep or with a NUL in it."""
        try:
            credential = super().to_python(value)
        except RecursionError as error:
            raise get_adapter().validation_error("incorrect_code") from error
        if credential is not None and (not isinstance(credential, dict) or "\\u0000" in value):
            raise get_adapter().validation_error("incorrect_code")
        return credential

    def bound_data(self, data: Any, initial: Any) -> None:
        """Begin anew when the form is shown again: a proof is good for once."""


class AddForm(allauth_forms.AddWebAuthnForm):
    """Sets up a passkey."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, required=False)
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        """Check what the browser made."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            raise
        except Exception as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class ProofMixin:
    """Checks the proof of a passkey."""

    def clean_credential(self) -> Authenticator:
        """Return the passkey that is proved."""
        try:
            proved: Authenticator = super().clean_credential()  # type: ignore[misc]  # a mixin
        except ValidationError:
            raise
        except Exception as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return proved


class SignInForm(ProofMixin, allauth_forms.LoginWebAuthnForm):
    """Signs in with a passkey alone."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """Refuse a key that has not checked who holds it: nothing else is proved here.

        The challenge asks for that check, but one for a second step, which does not, would fit too.
        """
        credential = self.cleaned_data["credential"]
        proved = super().clean_credential()
        response = auth.parse_authentication_response(credential).response
        if not response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return proved


class SecondStepForm(ProofMixin, allauth_forms.AuthenticateWebAuthnForm):
    """Signs in with a passkey after another proof."""

    credential = CredentialField()


class ReauthenticateForm(ProofMixin, allauth_forms.ReauthenticateWebAuthnForm):
    """Proves once more who somebody is."""

    credential = CredentialField()


class EditForm(allauth_forms.EditWebAuthnForm):
    """Renames a passkey."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
