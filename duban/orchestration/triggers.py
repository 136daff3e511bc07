"""What a waiting task leaves in the triggerer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TaskSuccessEvent, TriggerEvent

from duban.orchestration.poller import poller


class LedgerTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires once the matter no longer awaits ``key``.

    ``ends_task``: nothing is to be done or decided afterwards, so the task ends here and no worker is started merely
    to say so. No value is pushed: whoever comes next reads the ledger.
    """

    def __init__(self, number: str, key: str, ends_task: bool = False) -> None:
        super().__init__()
        self.number = number
        self.key = key
        self.ends_task = ends_task

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Say how another triggerer process rebuilds this trigger."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {"number": self.number, "key": self.key, "ends_task": self.ends_task},
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, however long, then fire once."""
        await poller().until_gone(self.number, self.key)
        yield TaskSuccessEvent() if self.ends_task else TriggerEvent({"number": self.number, "key": self.key})
