"""`expire_reservations`: let go of what was held up to a day that has passed."""

from typing import Any

from django.core.management.base import BaseCommand

from inventory_site.stock import reservations


class Command(BaseCommand):
    """Releases every open reservation whose last day is over; a second run finds none."""

    help = "Release, as the system, every reservation whose last day has passed. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Release them and say how many."""
        self.stdout.write(f"{reservations.expire()} reservations expired")
