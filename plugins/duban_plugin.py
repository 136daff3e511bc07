"""The socket in Airflow: mounts the door and the ledger's API, registers the timetable. All else lives in ``duban``.

Scheduler and DAG processor import this file too and need no portal, so that is imported by the API server, when it
builds its application.
"""

from typing import Any

from airflow.plugins_manager import AirflowPlugin

from duban.orchestration.matters import MATTER_TYPES
from duban.orchestration.timetables import PeriodTimetable


def door(app: Any) -> Any:
    """Wrap the API server's application (called only there)."""
    from duban.portal.door import Door

    return Door(app)


async def portal(scope: Any, receive: Any, send: Any) -> None:
    """Serve the pages and the REST of 督办台账 below ``/duban``."""
    from duban.portal.api import app

    # As if nobody were above it: its pages find their own addresses by their own router, below the mount.
    own = {name: value for name, value in scope.items() if name != "router"}
    await app({**own, "app_root_path": scope.get("root_path", "")}, receive, send)


class DubanPlugin(AirflowPlugin):
    """督办."""

    name = "duban"
    fastapi_root_middlewares = [{"name": "督办之门", "middleware": door, "args": [], "kwargs": {}}]  # noqa: RUF012
    fastapi_apps = [{"name": "督办台账", "app": portal, "url_prefix": "/duban"}]  # noqa: RUF012
    timetables = [PeriodTimetable]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {"name": "督办台账", "href": "/duban/", "url_route": "duban", "destination": "nav"},
        {
            "name": "督办件",
            "href": "/duban/runs/{RUN_ID}",
            "url_route": "duban-matter",
            "destination": "dag_run",
            "applies_to": {"dag_id": [*MATTER_TYPES]},
        },
    ]
