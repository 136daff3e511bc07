"""What depends on what, as Airflow's pages draw it: matters -> ledger -> scores -> bulletin."""

from __future__ import annotations

from airflow.sdk import Asset

LEDGER = Asset(name="督办台账", uri="duban://ledger")
"""What happened to the matters: one that is filed has added to it, what is reported and scored is read from it."""

SCORES = Asset(name="考核结果", uri="duban://scores")
"""The scores of a period as they were published."""
