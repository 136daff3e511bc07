"""考核计分: events of the ledger and the rules of a regulation -> entries, each with its clause and its evidence."""
