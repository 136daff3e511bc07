"""What a waiting task leaves in the triggerer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from airflow.triggers.base import BaseTrigger, TaskSuccessEvent, TriggerEvent

from duban.orchestration.people import Asked
from duban.orchestration.poller import Wait, poller


class LedgerTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires once the matter no longer awaits ``key``.

    ``ends_task``: nothing is to be done or decided afterwards, so the task ends here and no worker is started merely
    to say so. No value is pushed: whoever comes next reads the ledger.
    ``asked``: of whom a decision was asked; it also fires when others hold those posts.
    Without a key, it fires once something of the kinds ``until`` is awaited, or nothing of the kinds ``beside``.
    """

    def __init__(
        self,
        number: str,
        key: str = "",
        ends_task: bool = False,
        asked: Asked | Mapping[str, Any] | None = None,
        beside: Sequence[str] = (),
        until: Sequence[str] = (),
    ) -> None:
        super().__init__()
        if isinstance(asked, Mapping):  # as it comes out of Airflow's database
            said = dict(asked)
            asked = Asked(said["organization"], tuple(said["posts"]), said["unit"], tuple(said["users"]))
        self.wait = Wait(number, key, asked, tuple(beside), tuple(until))
        self.ends_task = ends_task

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Say how another triggerer process rebuilds this trigger."""
        wait = self.wait
        said: dict[str, Any] = {"number": wait.number, "key": wait.key, "ends_task": self.ends_task}
        if wait.asked is not None:
            said["asked"] = {
                name: list(value) if isinstance(value, tuple) else value for name, value in vars(wait.asked).items()
            }
        if wait.until:
            said |= {"beside": list(wait.beside), "until": list(wait.until)}
        return f"{type(self).__module__}.{type(self).__qualname__}", said

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, however long, then fire once."""
        await poller().until_over(self.wait)
        event = {"number": self.wait.number, "key": self.wait.key}
        yield TaskSuccessEvent() if self.ends_task else TriggerEvent(event)
