#!/bin/bash
# Run by the PostgreSQL image once, when its volume is empty: one database and one role for the ledger, one for Airflow.
# Neither role is a superuser, and neither can look into the other's database.
set -euo pipefail

create() {
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres -v name="$1" -v password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}

create duban "$DUBAN_LEDGER_PASSWORD"
create airflow "$AIRFLOW_DATABASE_PASSWORD"
