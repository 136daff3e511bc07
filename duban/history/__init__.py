"""接管历史: what an office wrote down before it used Duban comes into the ledger, and a ledger goes out again."""
