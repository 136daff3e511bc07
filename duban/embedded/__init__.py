"""The start without services: PostgreSQL from a wheel, Airflow beside it, and what keeps both up and ends both."""
