"""Small files, imported."""

import io
from typing import Any
from uuid import UUID, uuid4

from inventory_site.access.roles import Role
from inventory_site.products.importer import Outcome, Summary, import_products
from tests.inventory.conftest import person


def imported(
    *lines: str, import_id: UUID | None = None, **options: Any
) -> tuple[Summary, list[Outcome]]:
    """Import a file of these lines as the manager; return the summary and every outcome."""
    outcomes: list[Outcome] = []
    summary = import_products(
        io.BytesIO("\n".join(lines).encode()),
        filename="list.csv",
        actor=person(Role.MANAGER),
        import_id=import_id or uuid4(),
        on_outcome=outcomes.append,
        **options,
    )
    assert summary.created + summary.unchanged + summary.refused == summary.rows == len(outcomes)
    return summary, outcomes
