"""Plays the stories: people act over HTTP, the clock is moved between the scenes, Airflow does the rest."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import httpx

from duban import ledger, organization
from duban.demo.stories import Doing, Story
from duban.documents import DOCX
from duban.embedded.bureau import Bureau
from duban.errors import Refusal

Say = Callable[[str], None]


@dataclass
class Part:
    """One matter and the story it plays."""

    number: str
    story: Story
    replies: tuple[Path, ...]


@dataclass
class Play:
    """A performance in one bureau."""

    bureau: Bureau
    parts: tuple[Part, ...]
    say: Say = print
    shift: timedelta = timedelta()  # how much later than written the stories are played
    lock: Lock = field(default_factory=Lock)

    def run(self) -> None:
        """Play everything, scene by scene, the matters of a scene side by side. Raises Refusal at what goes wrong."""
        moments = sorted({scene.at + self.shift for part in self.parts for scene in part.story.scenes})
        with ThreadPoolExecutor(max_workers=len(self.parts)) as stage:
            for moment in moments:
                now = self.bureau.advance_to(moment)
                self.say(f"—— {now:%Y年%-m月%-d日 %H:%M} ——")
                list(stage.map(lambda part, at=moment: self._scene(part, at), self.parts))
            list(stage.map(self._end, self.parts))

    def _scene(self, part: Part, at: datetime) -> None:
        for scene in part.story.scenes:
            if scene.at + self.shift == at:
                for doing in scene.doings:
                    self._do(part, doing)

    def _do(self, part: Part, doing: Doing) -> None:
        details = {name: self._shifted(name, value) for name, value in doing.details.items()}
        said = VERBS[doing.verb](self, part, **details)
        with self.lock:
            self.say(f"  {part.number} {said}")

    def _shifted(self, name: str, value: Any) -> Any:
        if name in ("until", "due_on"):
            return (date.fromisoformat(value) + self.shift).isoformat()
        return value

    def _end(self, part: Part) -> None:
        self.bureau.until_state(part.number, part.story.ends)
        self.bureau.until(f"{part.number} 归档", lambda: self.bureau.state(part.number).filed_at)


def _answer(play: Play, part: Part, kind: str, option: str, **fields: Any) -> str:
    play.bureau.until_awaits(part.number, kind)
    form = play.bureau.state(part.number).form
    if kind == "review.office":
        fields |= {f"has_{section}": True for section in ("violation", "revisit") if form[section]}
    answer = play.bureau.answer(part.number, kind, option, **fields)
    _expect(answer)
    who = organization.load().person(answer.json()["responded_by"]["id"])
    return f"{who.title}{who.name}：{option}"


def _call(play: Play, part: Part) -> str:
    play.bureau.until_awaits(part.number, "reply")
    if not play.bureau.state(part.number).awaits("call"):
        return "已交办（重点工作，不必电话通知）"
    unit = organization.load().units[play.bureau.state(part.number).unit]
    return _answer(play, part, "call", "已电话通知", callee=f"{unit.liaison.name}（{unit.liaison.title}）")


def _send(play: Play, part: Part, what: str, **fields: Any) -> str:
    unit = organization.load().units[play.bureau.state(part.number).unit]
    if what in ("extension", "account"):
        fields.setdefault("signed_by", unit.head.name)
    _expect(play.bureau.send(part.number, what, **fields))
    return f"{unit.short}：{SENT[what]}"


def _reply(play: Play, part: Part, file: str = "") -> str:
    sheet = next(one for one in part.replies if file in one.name)
    unit = organization.load().units[play.bureau.state(part.number).unit]
    sent = (sheet.name, sheet.read_bytes(), DOCX)
    _expect(play.bureau.send(part.number, "reply", file=sent, signed_by=unit.head.name))
    return f"{unit.short}：回复《{sheet.stem}》"


def _instruct(play: Play, part: Part, text: str, due_on: str) -> str:
    today = play.bureau.today().isoformat()
    chief, clerk = organization.load().posts["chief"], organization.load().posts["office"]
    fields = {"leader": chief.name, "text": text, "on": today, "due_on": due_on}
    _expect(play.bureau.send(part.number, "instruction", user=clerk.user, **fields))
    return f"新批示：{text}（{date.fromisoformat(due_on):%-m月%-d日}前）"


def _withdraw(play: Play, part: Part, reason: str) -> str:
    chief, clerk = organization.load().posts["chief"], organization.load().posts["office"]
    _expect(play.bureau.send(part.number, "withdrawal", user=clerk.user, reason=reason, approved_by=chief.name))
    return f"撤销：{reason}"


def _await(play: Play, part: Part, state: str = "", awaits: str = "") -> str:
    if state:
        play.bureau.until_state(part.number, state)
    if awaits:
        play.bureau.until_awaits(part.number, awaits)
    return "到期没有回复，系统已催办" if state == "urged" else "催办期满，系统已要求书面说明并登记问责"


def _asked(play: Play, part: Part, kind: str) -> str:
    play.bureau.until(f"{part.number} asks {kind}", lambda: play.bureau.asked(part.number, kind))
    return "办公室正在审核"


def _expect(answer: httpx.Response) -> None:
    if answer.is_error:
        raise Refusal(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}")


SENT = {
    "receipt": "领收",
    "reading": "阅批",
    "extension": "延期备案",
    "account": "报送书面情况说明",
    "progress": "报送进展",
}

VERBS: dict[str, Callable[..., str]] = {
    "answer": _answer,
    "call": _call,
    "send": _send,
    "reply": _reply,
    "instruct": _instruct,
    "withdraw": _withdraw,
    "await": _await,
    "asked": _asked,
}


BESIDE = ("documented", "called", "consulted", "reminded", "warned")


def happened(number: str) -> list[str]:
    """The kinds of what happened to a matter, without its documents and what runs beside the main line."""
    with ledger.transaction() as session:
        events: Iterable[ledger.Event] = ledger.events(session, number)
    return [event.kind for event in events if event.kind not in BESIDE]
