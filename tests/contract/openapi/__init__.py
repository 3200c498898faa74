"""What the two sites promise to programs: their OpenAPI documents, as last agreed.

`identity.json` and `inventory.json` are written by this, once for each site that has changed:

    python -m embedded throwaway -- python -m tests.contract.openapi inventory
"""
