"""The forms with which administrators invite and change people, and confirm what they do."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.invitations import refuse_who_never_began
from identity_site.accounts.models import NAME_LENGTH, User, on_one_line
from identity_site.accounts.people import keep_an_administrator
from identity_site.accounts.roles import Role

if TYPE_CHECKING:
    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm  # which knows its model only to the type checker


class PersonForm(UserModelForm):
    """What an administrator may change about somebody."""

    class Meta:
        model = User
        fields = ["name", "language", "role", "is_active"]

    def clean(self) -> dict[str, Any]:
        """Keep the last administrator. Locks all of them, so it must run in an atomic block.

        Nor does anybody become active who never began.
        """
        data = super().clean() or self.cleaned_data
        active = bool(data.get("is_active"))
        keep_an_administrator(self.instance, role=data.get("role", ""), active=active)
        if active and not self.instance.is_active:
            refuse_who_never_began(self.instance)
        return data


class InvitationForm(forms.Form):
    """Whom to invite."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, validators=[on_one_line])
    email = forms.EmailField(label=_("E-mail"), max_length=User._meta.get_field("email").max_length)
    role = forms.TypedChoiceField(
        label=_("Role"), choices=Role.choices, coerce=Role, initial=Role.VIEWER
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES, initial=get_language
    )

    def clean_email(self) -> str:
        """Refuse an address with which somebody signs in already."""
        email = User.objects.normalize_email(self.cleaned_data["email"])
        known = User.objects.filter(email=email).first()
        if known is not None:
            raise ValidationError(
                _("%(name)s has an account with this address already."), params={"name": known}
            )
        return email


class ConfirmationForm(forms.Form):
    """Nothing but yes; those that ask for more build on it."""

    def __init__(self, people: list[User], *args: Any, **kwargs: Any) -> None:
        self.people = people
        super().__init__(*args, **kwargs)


class RoleForm(ConfirmationForm):
    """Which role to give."""

    role = forms.TypedChoiceField(label=_("Role"), choices=Role.choices, coerce=Role)


class ErasureForm(ConfirmationForm):
    """The address of whoever is to be erased, typed out: it cannot be undone."""

    email = forms.CharField(
        label=_("Type the e-mail address of this person"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean(self) -> dict[str, Any]:
        """Compare the address; nothing of it goes on to what is done."""
        typed = User.objects.normalize_email(self.cleaned_data.get("email"))
        if [person.email for person in self.people] != [typed]:
            self.add_error("email", _("That is not the address of this person."))
        return {}
