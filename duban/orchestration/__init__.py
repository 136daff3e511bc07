"""How a matter's run follows the ledger: steps, waits, decisions, settings. Thin: no rule lives here."""
