"""What a waiting task leaves in the triggerer, and what it says when the wait is over."""

import asyncio
import json
from importlib import import_module

import pytest
from airflow.triggers.base import TaskSuccessEvent, TriggerEvent

from duban.orchestration import triggers
from duban.orchestration.people import Asked
from duban.orchestration.poller import Poller
from duban.orchestration.triggers import LedgerTrigger

ASKED = Asked("baicheng", ("office", "deputy"), "jingzhen", ("tian.clerk", "qi.deputy"))


@pytest.mark.parametrize(
    "trigger",
    [
        LedgerTrigger("BC-2026-0001", "reply:1", ends_task=True),
        LedgerTrigger("BC-2026-0001", "reply:1"),
        LedgerTrigger("BC-2026-0001", "sign.director:1", asked=ASKED),
        LedgerTrigger("BC-2026-0001", beside=("reply", "urge"), until=("extend.director",)),
    ],
    ids=["ends the task", "resumes it", "a decision", "a watch"],
)
def test_another_triggerer_rebuilds_it(trigger: LedgerTrigger) -> None:
    path, kwargs = trigger.serialize()
    module, _, name = path.rpartition(".")
    rebuilt = getattr(import_module(module), name)(**json.loads(json.dumps(kwargs)))
    assert rebuilt.serialize() == (path, kwargs)
    assert rebuilt.wait == trigger.wait


@pytest.mark.parametrize("ends_task", [True, False])
def test_it_fires_once(ends_task: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def events() -> list[TriggerEvent]:
        poller = Poller(lambda waits: waits)
        monkeypatch.setattr(triggers, "poller", lambda: poller)
        return [event async for event in LedgerTrigger("BC-2026-0001", "reply:1", ends_task).run()]

    (event,) = asyncio.run(events())
    if ends_task:
        assert isinstance(event, TaskSuccessEvent)
        assert event.xcoms is None
    else:
        assert event.payload == {"number": "BC-2026-0001", "key": "reply:1"}
