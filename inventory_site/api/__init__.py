"""The API for programs, below `/api/v1/`: what every resource shares.

How to add a resource:

1. A serializer in the app that owns the thing, from `fields.Facts` (a model) or
   `fields.StrictSerializer`: it only turns JSON into types and back. Rules stay where the pages
   have them: in the model, the form, the ledger. Use `fields.Quantity` for units and
   `fields.Instant` for times.
2. A viewset in the same app, from `resources.ListedResource` (list), `ReadResource` (and read one)
   or `EditableResource` (and add, change, delete). It states `may`: for each action the
   `Permission` that it takes; an action that is not in it is refused to everybody. `orderings`
   names what `?ordering=` may be; `filters` is the form that checks the other query parameters, and
   `narrowed` applies what it cleaned. CSV by `Accept: text/csv` comes with every list.
3. Writes take an `Idempotency-Key`. An act of the ledger passes `keys.key_of(self.request)` on to
   it; any other write is decorated with `keys.once`, which also makes it one atomic block.
   What is edited takes `If-Match`: `self.thing_to_change()` locks the row and compares.
4. Refuse by raising: a `Refusal` of the domain becomes a 409 with its code, a `ValidationError`
   (Django's or the framework's) a 400 with errors by field, `problems.Conflict` any other 409.
5. Register the viewset in `urls.py`, and give its routes a row in
   `tests/inventory/test_role_matrix.py`. The OpenAPI document writes itself from docstrings (first
   line: summary; the rest: description), serializers and forms; add examples with
   `extend_schema_serializer`. Then renew what is kept of it, as `tests/contract/openapi` says.
"""
