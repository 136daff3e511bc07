"""The demonstration: a dozen invented matters, every path of the procedure, on a real Airflow in a rehearsal ledger."""
