"""Which movements are in the book already: those with everything that a row of a file says."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from inventory_site.stock.ledger import Movement

_COUNT = """
SELECT w.n, count(*)
  FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[],
              %s::text[], %s::text[], %s::date[], %s::bigint[], %s::numeric[])
       AS w (n, product, location, kind, quantity, reason, reference, recipient, day, supplier,
             cost)
  CROSS JOIN stock_past z
  JOIN stock_level l ON l.product_id = w.product AND l.location_id = w.location
  JOIN stock_transaction t ON t.level_id = l.id AND t.quantity = w.quantity
       AND (t.reference, t.recipient) = (w.reference, w.recipient)
       AND ((t.kind, t.reason) = (w.kind, w.reason)
            OR w.kind IN ('transfer', 'reversal') AND t.kind IN ('issue', 'return')
               AND t.reason = coalesce(nullif(w.reason, ''), initcap(w.kind)))
       AND t.supplier_id IS NOT DISTINCT FROM w.supplier AND t.unit_cost IS NOT DISTINCT FROM w.cost
       AND (t.occurred_on IS NOT DISTINCT FROM w.day
            OR t.occurred_on IS NULL AND (t.created_at AT TIME ZONE z.zone)::date = w.day)
 WHERE (t.batch_id = %s::bigint) IS NOT TRUE AND NOT EXISTS (
   SELECT FROM stock_transaction r JOIN stock_batch b ON b.id = t.batch_id AND b.kind = 'import'
    WHERE r.reverses_id = t.id)
 GROUP BY w.n
"""


def count_recorded(
    movements: Sequence[Movement], *, but_of_batch: int | None = None
) -> dict[Movement, int]:
    """Return how often each of these movements is in the book; those that never are, are left out.

    Lines of the batch `but_of_batch` do not count: it is being written. What was undone with its
    import does not count either; a transfer or reversal that came in a file, and so became an issue
    or a return, does.
    """
    known = [each for each in dict.fromkeys(movements) if each.supplier_id != 0]
    if not known:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            [
                list(range(len(known))),
                [each.product_id for each in known],
                [each.location_id for each in known],
                [each.kind.value for each in known],
                [each.quantity for each in known],
                [each.reason for each in known],
                [each.reference for each in known],
                [each.recipient for each in known],
                [each.occurred_on for each in known],
                [each.supplier_id for each in known],
                [each.unit_cost for each in known],
                but_of_batch,
            ],
        )
        return {known[n]: count for n, count in cursor.fetchall()}
