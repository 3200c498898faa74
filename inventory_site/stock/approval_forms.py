"""What people type about acts that wait for a second person."""

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_REFUSAL = 200
"""The longest reason of a refusal, in characters; the database's CHECK says the same."""


class RefusalForm(forms.Form):
    """Why an act is not to happen."""

    refusal = forms.CharField(
        label=_("Reason"), max_length=MAX_REFUSAL, help_text=_("Who asked for it reads this.")
    )


class ApprovalFilterForm(forms.Form):
    """Which acts to show; empty: those that wait."""

    state = forms.ChoiceField(
        choices=[("", _("Waiting")), ("decided", _("Decided"))], required=False, label=_("State")
    )
