"""The form that makes a personal token."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity_site.accounts.models import User
from identity_site.programs.models import (
    MAX_LIVING,
    PersonalToken,
    Scope,
    digest_of,
    expiry,
    new_secret,
)

if TYPE_CHECKING:
    TokenModelForm = forms.ModelForm[PersonalToken]
else:
    TokenModelForm = forms.ModelForm  # which knows its model only to the type checker


class PersonalTokenForm(TokenModelForm):
    """Name, what it may do, and for how long.

    Must run in an atomic block that holds the owner's row, so that neither the name nor the
    number of tokens is true of two forms at once.
    """

    days = forms.TypedChoiceField(
        label=_("Good for"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        coerce=int,
        initial=90,
    )

    class Meta:
        model = PersonalToken
        fields = ["name", "scope"]
        help_texts = {"name": _("Which program gets it, such as “label printer”.")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner = owner
        offered = [(scope.value, scope.label) for scope in Scope.of_role(owner.role)]
        self.fields["scope"] = forms.ChoiceField(label=_("It may"), choices=offered)

    def clean_name(self) -> str:
        """Refuse a name that would leave two tokens indistinguishable."""
        name: str = self.cleaned_data["name"]
        if self.instance.owner.personal_tokens.filter(name=name, revoked_at=None).exists():
            raise ValidationError(
                _("There is a token of this name. Revoke it first, or choose another name.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse more tokens than anybody can keep an eye on."""
        if self.instance.owner.personal_tokens.living().count() >= MAX_LIVING:
            raise ValidationError(
                _("You have %(number)s tokens. Revoke one that you no longer need."),
                params={"number": MAX_LIVING},
            )
        return super().clean() or self.cleaned_data

    def make(self) -> tuple[PersonalToken, str]:
        """Store the token, and return it with its secret, which nobody will see again."""
        secret = new_secret()
        self.instance.digest = digest_of(secret)
        self.instance.expires_at = expiry(self.cleaned_data["days"])
        return self.save(), secret
