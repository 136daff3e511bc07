"""What people's browsers and the units' programs talk to inside Airflow's API server: the door and the ledger's API."""
