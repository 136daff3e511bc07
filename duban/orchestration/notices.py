"""Sending notices from Airflow: its connections hold the addresses of the channels, its scheduler the time."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseHook, get_current_context
from airflow.sdk.exceptions import AirflowFailException

from duban import ledger, organization
from duban.errors import Refusal
from duban.notify import planning, sending, trying
from duban.organization import Organization

TEST = "test"
"""The one field of the form of a run that is started by hand: the channel that is to be tried."""


def addresses(connection: str) -> list[str]:
    """Return the addresses in a connection of Airflow (type Apprise); a :class:`Refusal` where there are none."""
    from airflow.providers.apprise.hooks.apprise import AppriseHook  # with Apprise, which no DAG file needs

    try:
        found = BaseHook.get_connection(connection)
        config = AppriseHook(connection).get_config_from_conn(found)
    except Exception as error:  # what Airflow raises differs by where it is asked, and may quote the connection
        raise Refusal(
            f"Airflow 里没有能用的连接 {connection}（{type(error).__name__}），"
            "请在“管理—连接”里新建，类型选 Apprise，config 里写地址"
        ) from None
    said = config if isinstance(config, list) else [config]
    paths = [one.get("path") for one in said if isinstance(one, dict)]
    if not paths or not all(isinstance(path, str) and path for path in paths):
        raise Refusal(f'连接 {connection} 的 config 要写成 {{"path": "渠道地址"}}，请改正')
    return [str(path) for path in paths]


def scheduled(org: Organization, *, rehearsal: bool) -> bool:
    """Say whether this bureau's Airflow has the job: there are channels, and a rehearsal is told to use them."""
    return bool(org.notifying.channels) and (not rehearsal or org.notifying.rehearsal)


def send() -> str:
    """Enter what is new into the outbox and send what is due; a channel that fails fails nothing but its notices."""
    org = organization.load()
    context: Any = get_current_context()
    if channel := (context["params"] or {}).get(TEST):
        told = trying.try_channel(org, str(channel), addresses)
        context["ti"].update_dagrun_note(told)
        if told != trying.WELL:
            raise AirflowFailException(told)
        return told
    with ledger.transaction() as session:
        entered = planning.plan(session, org)
    outcome = sending.send_due(org, addresses)
    told = f"新增{entered}条，{outcome}"
    if entered or any(vars(outcome).values()):
        context["ti"].update_dagrun_note(told)
    return told
