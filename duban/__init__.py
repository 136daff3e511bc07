"""Duban 督办: a bureau's supervision rules, its ledger, and the steps that see every matter come back done."""
