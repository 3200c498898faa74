"""The mail digest: what is new since the last one, grouped, to who stands in `NOTICE_MAIL_TO`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import ngettext, override

from inventory_site.notices.kinds import LABELS, TOLD
from inventory_site.notices.models import Notice

AT_ONCE = 5_000  # notices of one mail; what is left comes with the next
LISTED = 50  # of each kind; of the others, the mail says how many


@dataclass(frozen=True, slots=True)
class Group:
    """What a mail says of one kind: the first ones, and how many there are."""

    label: Promise
    notices: list[Notice]
    count: int

    @property
    def unlisted(self) -> int:
        """How many are not listed."""
        return self.count - len(self.notices)


def send_due() -> bool:
    """Mail what is new, unless the last mail is too young; tell whether there is more to do.

    Where nobody is to be mailed, what is new counts as told, so that nobody gets a mail of old
    things on the day that an address is set. What the mail server refuses stays new: the error goes
    to the caller. Killed between sending and committing, it mails the same once more.
    """
    with transaction.atomic():
        if settings.NOTICE_MAIL_TO and _was_mailed_lately():
            return False
        new = list(Notice.objects.to_be_mailed()[:AT_ONCE])
        if new and settings.NOTICE_MAIL_TO:
            letter(new).send()
        Notice.objects.filter(pk__in=[notice.pk for notice in new]).update(mailed_at=Now())
    return len(new) == AT_ONCE and not settings.NOTICE_MAIL_TO


def _was_mailed_lately() -> bool:
    since = Now() - timedelta(minutes=settings.NOTICE_MAIL_MINUTES)
    return Notice.objects.of_the_mail().filter(mailed_at__gt=since).exists()


def letter(notices: list[Notice]) -> EmailMessage:
    """Return the mail that tells of some notices, in the language of `NOTICE_LANGUAGE`."""
    with override(settings.NOTICE_LANGUAGE):
        n = len(notices)
        subject = ngettext("TechStock: %(n)s notice", "TechStock: %(n)s notices", n) % {"n": n}
        context = {"groups": grouped(notices), "origin": settings.PUBLIC_ORIGIN}
        body = render_to_string("notices/digest.txt", context)
    return EmailMessage(subject, body, to=settings.NOTICE_MAIL_TO)


def grouped(notices: list[Notice]) -> list[Group]:
    """Sort notices by kind, the most pressing kind first, each with how many there are."""
    by_kind: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    return [
        Group(
            label=LABELS[kind],
            notices=by_kind[kind][:LISTED],
            count=len(by_kind[kind]),
        )
        for kind in TOLD
        if kind in by_kind
    ]
