"""What administrators do about people: each act has a page that says what it means, and asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from identity_site.accounts import invitations, people
from identity_site.accounts.admin.forms import ConfirmationForm, ErasureForm, RoleForm
from identity_site.accounts.admin.site import administrator, way_out
from identity_site.accounts.erasure import erase
from identity_site.accounts.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

    UserAdmin = admin.ModelAdmin[User]
else:
    from django.utils.functional import Promise as Words

    UserAdmin = admin.ModelAdmin  # which knows its model only to the type checker

type Action = Callable[[UserAdmin, HttpRequest, QuerySet[User]], HttpResponse | None]

MOST = 100  # people at once: each may get a mail, and somebody waits
LIST, PAGE = ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM
ON_PAGE = f"{PAGE.value}-action"  # the field that names an act on the page of one person


@dataclass(frozen=True)
class Act:
    """What to say about an act before and after, and what does it: `perform(person, by=…)`."""

    name: str
    label: Words
    meaning: Words
    done: Words
    perform: Callable[..., None]
    form: type[ConfirmationForm] = ConfirmationForm
    places: tuple[ActionLocation, ...] = (LIST, PAGE)


ACTS = [
    Act(
        "give_role",
        gettext_lazy("Give a role"),
        gettext_lazy("Their access changes within seconds, and the history keeps who changed it."),
        gettext_lazy("The role is given"),
        people.change,
        form=RoleForm,
        places=(LIST,),
    ),
    Act(
        "deactivate",
        gettext_lazy("Deactivate"),
        gettext_lazy("They are signed out everywhere and cannot sign in until reactivated."),
        gettext_lazy("Deactivated"),
        lambda person, by: people.change(person, by=by, active=False),
        places=(LIST,),
    ),
    Act(
        "reactivate",
        gettext_lazy("Reactivate"),
        gettext_lazy("They can sign in again, with the role that they have."),
        gettext_lazy("Reactivated"),
        lambda person, by: people.change(person, by=by, active=True),
        places=(LIST,),
    ),
    Act(
        "sign_out",
        gettext_lazy("Sign out everywhere"),
        gettext_lazy("Every session ends within seconds, in browsers and in programs."),
        gettext_lazy("Signed out everywhere"),
        people.sign_out,
    ),
    Act(
        "invite_again",
        gettext_lazy("Send the invitation again"),
        gettext_lazy("They get a mail with a new link, and the earlier link dies."),
        gettext_lazy("The invitation is sent"),
        invitations.invite_again,
    ),
    Act(
        "withdraw",
        gettext_lazy("Withdraw the invitation"),
        gettext_lazy("The link dies and the account is deactivated. You can invite them again."),
        gettext_lazy("The invitation is withdrawn"),
        invitations.withdraw,
        places=(PAGE,),
    ),
    Act(
        "remove_second_factors",
        gettext_lazy("Remove second factors"),
        gettext_lazy(
            "Authenticator app, passkeys and recovery codes are removed, so that somebody who is"
            " locked out can sign in with the password alone. Be sure that it is they who asked;"
            " they are told by mail."
        ),
        gettext_lazy("The second factors are removed"),
        people.remove_second_factors,
        places=(PAGE,),
    ),
    Act(
        "revoke_tokens",
        gettext_lazy("Revoke personal tokens"),
        gettext_lazy("Programs that act for this person stop within seconds, and for good."),
        gettext_lazy("The personal tokens are revoked"),
        people.revoke_personal_tokens,
        places=(PAGE,),
    ),
    Act(
        "erase",
        gettext_lazy("Erase"),
        gettext_lazy(
            "Name, e-mail addresses, password, second factors, sessions and personal tokens are"
            " erased, here and at the stock site. What this person did stays, by “Former"
            " colleague”. It cannot be undone: the account never comes back."
        ),
        gettext_lazy("The person is erased"),
        erase,
        form=ErasureForm,
        places=(PAGE,),
    ),
]


def action_of(act: Act) -> Action:
    """Make an act one of Django's actions, on the list and on the page of one person."""

    @admin.action(description=act.label, location=act.places)
    def action(
        page: UserAdmin, request: HttpRequest, chosen: QuerySet[User]
    ) -> HttpResponse | None:
        return carry_out(act, page, request, list(chosen[: MOST + 1]))

    action.__name__ = act.name
    return action


def carry_out(
    act: Act, page: UserAdmin, request: HttpRequest, chosen: list[User]
) -> HttpResponse | None:
    """Ask until the form is right; then act on one after the other, and say what was refused."""
    if len(chosen) > MOST:
        too_many = _("Choose at most %(most)d people at once.") % {"most": MOST}
        page.message_user(request, too_many, messages.ERROR)
        return None
    form = act.form(chosen, request.POST if "confirmed" in request.POST else None)
    if not form.is_valid():
        return _question(act, page, request, form)
    refused = 0
    for person in chosen:
        try:
            act.perform(person, by=administrator(request), **form.cleaned_data)
        except ValidationError as refusal:
            refused += 1
            page.message_user(request, " ".join(refusal.messages), messages.ERROR)
    if leaving := way_out(request):
        return leaving
    if done := len(chosen) - refused:
        count = ngettext("%(count)d person", "%(count)d people", done) % {"count": done}
        page.message_user(request, f"{act.done}: {count}.")
    return None


def _question(
    act: Act, page: UserAdmin, request: HttpRequest, form: ConfirmationForm
) -> TemplateResponse:
    question = {
        **page.admin_site.each_context(request),
        "title": act.label,
        "act": act,
        "form": form,
        # Which of Django's two ways in this is, so that the answer comes back the same way.
        "act_field": ON_PAGE if ON_PAGE in request.POST else "action",
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/accounts/user/question.html", question, status=status)
