"""What people and programs should hear of: an outbox, a mail digest, signed webhooks."""
