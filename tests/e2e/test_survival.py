"""Parts of a real Airflow are killed in the middle, one after another; every matter ends as if nothing had been."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import psutil
import pytest

from duban import ledger, registration
from duban.acts import OPERATOR, register_all
from duban.cli import runs
from duban.demo.baicheng import GENERAL as STORIES
from duban.demo.cast import EXAMPLES, parts
from duban.demo.play import Part, Play, happened
from duban.embedded.bureau import Bureau
from duban.embedded.launcher import Deployment

pytestmark = [pytest.mark.e2e, pytest.mark.crash]

#: Six weeks after the other tests' stories: a Monday again, with no holiday in the two weeks of deadlines that count.
LATER = timedelta(weeks=6)
PLAYED = ("按时办结", "到期前延期备案", "催办无果，书面说明", "局长批示重新办理", "审核时来了新批示")

PAUSE = 15.0
"""Seconds between two kills."""

#: What is killed -> what its command line holds. The worker is a child of the scheduler that runs a task.
VICTIMS = {
    "worker": "airflow worker",
    "triggerer": "airflow triggerer",
    "postgres": "postgres -D",
    "scheduler": "airflow scheduler",
    "api-server": "api_server",
    "dag-processor": "airflow dag-processor",
}


class Saboteur(threading.Thread):
    """Kills every part, each in its turn and once, some seconds apart, in the middle of the play."""

    def __init__(self, launcher: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.launcher, self.pause = psutil.Process(launcher), pause
        self.over = threading.Event()
        self.killed: dict[str, int] = dict.fromkeys(VICTIMS, 0)

    def run(self) -> None:
        for name, sign in VICTIMS.items():
            if self.over.wait(self.pause):
                return
            self.killed[name] += self._kill(sign)

    def _kill(self, sign: str) -> int:
        for process in self.launcher.children(recursive=True):
            try:
                if sign in " ".join(process.cmdline()):
                    process.kill()
                    return 1
            except psutil.Error:
                continue
        return 0


@pytest.fixture(scope="module")
def saboteur(airflow: Deployment, bureau: Bureau) -> Iterator[Saboteur]:
    # Every matter goes on within two minutes of the last kill.
    bureau.patience, bureau.stubborn = 120.0 + PAUSE * len(VICTIMS), 90.0
    for client in bureau.clients.values():
        client.stubborn = bureau.stubborn
    thread = Saboteur(airflow.process.pid, pause=PAUSE)
    yield thread
    thread.over.set()
    if thread.is_alive():
        thread.join()
    bureau.patience, bureau.stubborn = 180.0, 0.0


@pytest.fixture(scope="module")
def played(bureau: Bureau, saboteur: Saboteur) -> dict[str, Part]:
    """The stories, played while parts are killed; what does not come about two minutes after the last fails them."""
    forms = [{"type": "general", **form} for form in registration.read_forms(EXAMPLES / "matters.xlsx")]
    states = register_all(forms, OPERATOR, "crash")
    cast = [part for part in parts([state.number for state in states]) if part.story.name in PLAYED]
    bureau.until("runs are started", lambda: runs.start([part.number for part in cast]) is not None)
    saboteur.start()
    Play(bureau, tuple(cast), shift=LATER).run()
    for part in cast:
        assert bureau.until_run_ends(part.number) == "success"
    return {part.story.name: part for part in cast}


@pytest.mark.parametrize("name", PLAYED)
def test_the_ledger_is_that_of_an_undisturbed_run(played: dict[str, Part], name: str) -> None:
    story = next(story for story in STORIES if story.name == name)
    assert happened(played[name].number) == list(story.leaves)


def test_every_part_was_killed(played: dict[str, Part], saboteur: Saboteur) -> None:
    assert played
    assert not [name for name, times in saboteur.killed.items() if times == 0], saboteur.killed


def test_nobody_was_asked_again_for_what_was_answered(played: dict[str, Part], bureau: Bureau) -> None:
    for part in played.values():
        assert bureau.waiting(part.number, "general_item") == []
        decided = [event.key for event in bureau.events(part.number) if event.actor.post and "." in event.key]
        assert len(decided) == len(set(decided))


def test_the_ledger_verifies_after_all_the_kills(played: dict[str, Part]) -> None:
    assert played
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
