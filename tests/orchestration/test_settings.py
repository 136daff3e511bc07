"""Airflow knows every setting that we give it: a renamed one would be ignored without a word."""

from airflow.configuration import conf

from duban.orchestration.settings import AIRFLOW


def test_airflow_knows_every_setting() -> None:
    for name in AIRFLOW:
        _, section, key = name.split("__")
        described = conf.configuration_description[section.lower()]["options"]
        assert key.lower() in described, name
