"""How many there are, and every act that changed it: the ledger and what is read from it."""
