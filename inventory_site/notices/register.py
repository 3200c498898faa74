"""Adds webhooks and gives them their secrets, which are told once and then only used."""

from inventory_site.access.models import Person
from inventory_site.notices.models import Webhook
from inventory_site.notices.sealing import new_secret, seal


def add(webhook: Webhook, *, person: Person) -> str:
    """Save a new webhook as made by `person`, and return its secret."""
    person.remember()
    secret = new_secret()
    webhook.created_by, webhook.sealed = person, seal(secret)
    webhook.save()
    return secret


def renew_secret(webhook: Webhook) -> str:
    """Replace the secret, from the next attempt on, and return it."""
    secret = new_secret()
    webhook.sealed = seal(secret)
    webhook.save(update_fields=["sealed"])
    return secret
