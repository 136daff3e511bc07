"""The people of a bureau at work over HTTP, as browsers and other programs are: for demonstrations and tests.

Each person signs in with the password of the embedded start. Office people answer what Airflow asks them; units use
the ledger's own interface. Nothing here goes past the door.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from duban import clock, ledger, organization
from duban.embedded.client import Client, connect
from duban.errors import Refusal
from duban.ledger.standing import State

T = TypeVar("T")


@dataclass
class Bureau:
    """Everybody of the organization file, signed in to one embedded start (its directory)."""

    home: Path
    patience: float = 180.0  # seconds until what should come about by itself is missed; a busy machine needs some
    stubborn: float = 0.0  # seconds for which a request is sent again when nobody answers, as a person would
    clients: dict[str, Client] = field(default_factory=dict)

    def person(self, user: str) -> Client:
        """The connection of one user, signed in at its first use."""
        if user not in self.clients:
            self.clients[user] = connect(user, self.home)
            self.clients[user].stubborn = self.stubborn
        return self.clients[user]

    def post(self, post: str) -> Client:
        """Whoever holds the post first: office, director, chief, deputy."""
        return self.person(organization.load().posts[post].user)

    def liaison(self, number: str) -> Client:
        """The liaison of the unit that handles the matter."""
        unit = organization.load().units[self.state(number).unit]
        return self.person(unit.liaison.user)

    def state(self, number: str) -> State:
        """The matter as the ledger has it."""
        with ledger.transaction() as session:
            return ledger.state(session, number)

    def events(self, number: str) -> list[ledger.Event]:
        """All that happened to a matter."""
        with ledger.transaction() as session:
            return ledger.events(session, number)

    def count(self) -> int:
        """How many matters the ledger holds."""
        with ledger.transaction() as session:
            return len(ledger.items(session))

    def register(self, form: Mapping[str, Any], dag_id: str = "general_item") -> str:
        """Fill in the trigger form as the office does; the number of the matter. Raises Refusal as the page would."""
        answer = self.post("office").post(f"/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": dict(form)})
        return str(answer["dag_run_id"])

    def waiting(self, run_id: str = "~", dag_id: str = "~", number: str = "") -> list[dict[str, Any]]:
        """The decisions that wait in Airflow, of one run or of all (of all runs of a matter), as Airflow lists them."""
        found = self.post("office").get(
            f"/dags/{dag_id}/dagRuns/{run_id}/hitlDetails", response_received=False, state="deferred", limit=1000
        )
        listed = list(found["hitl_details"])
        return [one for one in listed if not number or one["task_instance"]["dag_run_id"].split(".")[0] == number]

    def answer(self, number: str, kind: str, option: str, user: str | None = None, **fields: Any) -> httpx.Response:
        """Answer the decision `kind` of a matter in Airflow, once it is asked; what Airflow said."""
        asked = self.until(f"{number} asks {kind}", lambda: self.asked(number, kind))
        return self.answer_to(asked, option, user, **fields)

    def asked(self, number: str, kind: str) -> dict[str, Any] | None:
        """The waiting decision of this kind of a matter, as Airflow lists it, if Airflow asks it now."""
        state = self.state(number)
        if not (key := state.awaits(kind)):
            return None
        with ledger.transaction() as session:
            place = session.get(ledger.Question, (number, key))
        if place is None:
            return None
        return next((one for one in self.waiting(place.run_id, place.dag_id) if self._is_at(one, place)), None)

    @staticmethod
    def _is_at(one: dict[str, Any], place: ledger.Question) -> bool:
        task = one["task_instance"]
        # Outside loops Airflow says nothing of passes; the ledger then has -1.
        return (task["task_id"], task.get("region_index", -1)) == (place.task_id, place.region_index)

    def answer_to(self, asked: dict[str, Any], option: str, user: str | None = None, **fields: Any) -> httpx.Response:
        """Answer a decision that Airflow lists, by default as the first of those it is assigned to."""
        task = asked["task_instance"]
        who = user or asked["assigned_users"][0]["id"]
        given = {name: about["value"] for name, about in asked["params"].items()} | fields
        path = f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        return self.person(who).send(
            "PATCH",
            f"{path}/{task['map_index']}/hitlDetails",
            params={name: task[name] for name in ("region_id", "region_index") if name in task},
            json={"chosen_options": [option], "params_input": given},
        )

    def send(self, number: str, what: str, user: str | None = None, **fields: Any) -> httpx.Response:
        """Something that a unit sends or the office enters at any moment: receipt, reading, reply, extension …

        A `file` is (name, content). By default the unit's liaison sends it.
        """
        files = {"file": fields.pop("file")} if "file" in fields else None
        client = self.person(user) if user else self.liaison(number)
        return client.outside(f"/duban/api/matters/{number}/{what}", data=fields, files=files)

    def advance(self, by: timedelta) -> datetime:
        """Move the rehearsal's clock forward; the ledger's time afterwards."""
        with ledger.transaction() as session:
            ledger.advance(session, by)
            return clock.now(session)

    def advance_to(self, moment: datetime) -> datetime:
        """Move the rehearsal's clock to a moment, if that lies ahead."""
        with ledger.transaction() as session:
            now = clock.now(session)
        return self.advance(moment - now) if moment > now else now

    def today(self) -> date:
        """The ledger's today."""
        with ledger.transaction() as session:
            return clock.now(session).date()

    def until_state(self, number: str, *states: str) -> State:
        """Wait until the matter is in one of these states."""
        return self.until(
            f"{number} becomes {'/'.join(states)}",
            lambda: state if (state := self.state(number)).state in states else None,
        )

    def until_awaits(self, number: str, kind: str) -> str:
        """Wait until the matter awaits something of this kind; its key."""
        return self.until(f"{number} awaits {kind}", lambda: self.state(number).awaits(kind))

    def run_state(self, run_id: str, dag_id: str = "general_item") -> str:
        """What Airflow says of a run: queued, running, success, failed."""
        return str(self.post("office").get(f"/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def until_run_ends(self, run_id: str, dag_id: str = "general_item") -> str:
        """Wait until a run is over; success or failed."""
        return self.until(
            f"run {run_id} ends",
            lambda: state if (state := self.run_state(run_id, dag_id)) in ("success", "failed") else None,
        )

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """Look until there is something to see. Raises Refusal naming what did not come about."""
        end = time.monotonic() + self.patience
        while True:
            try:
                if found := look():
                    return found
            except (Refusal, httpx.HTTPError):
                # A part of the system may be down for a moment; whoever waits does not mind.
                if time.monotonic() > end:
                    raise
            if time.monotonic() > end:
                raise Refusal(f"等了 {self.patience:.0f} 秒，仍没有等到：{what}")
            time.sleep(0.5)

    def close(self) -> None:
        """Close the connections."""
        for client in self.clients.values():
            client.close()
