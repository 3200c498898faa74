"""Forms about people. They turn strings into types; allauth and the models do the rest."""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.models import NAME_LENGTH, User, on_one_line
from identity_site.accounts.preferences import THEMES

if TYPE_CHECKING:
    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm  # which knows its model only to the type checker


class SignUpForm(AllauthSignupForm):
    """Name, e-mail address and password."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        validators=[on_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is too much like the name; allauth compares the address only."""
        data: dict[str, Any] = super().clean()
        if data.get("name") and data.get("password1"):
            try:
                validate_password(data["password1"], User(name=data["name"]))
            except ValidationError as error:
                self.add_error("password1", error)
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the person, or pretend to when the address is taken: nobody learns who is here.

        A form sent twice makes one person, and the code that the second answer asks for is good.
        """
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return super().try_save(request)  # type: ignore[no-any-return]
            except IntegrityError:  # the same address, in the same moment
                self.account_already_exists = True
        sender = self._sender()
        return (sender, None) if sender else super().try_save(request)

    def _sender(self) -> User | None:
        """Find whoever sent this form before and has still to prove that the address is theirs.

        Takes as long as making somebody new.
        """
        email, password = self.cleaned_data["email"], self.cleaned_data["password1"]
        unproved = User.objects.filter(emailaddress__email=email, emailaddress__verified=False)
        user = unproved.filter(email=email, is_active=True).first()
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) else None


class ProfileForm(UserModelForm):
    """What people may change about themselves."""

    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class PreferencesForm(forms.Form):
    """The theme and language menu; each may be sent alone."""

    theme = forms.ChoiceField(choices=[(theme, theme) for theme in THEMES], required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
