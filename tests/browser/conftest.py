"""The portal as people meet it, in a real browser; no Airflow is started for it."""

from chromium import chromium, visit  # noqa: F401 - fixtures
