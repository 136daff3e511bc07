"""Plays the stories: people act over HTTP, the clock is moved between the scenes, Airflow does the rest."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

import httpx

from duban import ledger, organization, regulation
from duban.demo.replies import written
from duban.demo.stories import TODAY, Doing, Story
from duban.documents import DOCX
from duban.errors import Refusal
from duban.ledger.standing import WITH_UNIT, State

Say = Callable[[str], None]
T = TypeVar("T")

#: What a story does not name: documents, and what runs beside the main line, sooner or later.
ASIDE = ("documented", "called", "consulted", "reminded")
#: What no person does: a moment is over, and the clock may move on, when none of it is left to do.
STEPS = ("deliver", "decompose", "urge", "demand", "report", "upward", "file")


class Stage(Protocol):
    """Where a play is given: a bureau at its Airflow (`duban.embedded.bureau`), or the acts alone."""

    def state(self, number: str) -> State:
        """The matter as the ledger has it."""

    def register(self, form: dict[str, Any], dag_id: str) -> str:
        """Fill in the form of a supervision type; the number of the matter."""

    def asked(self, number: str, kind: str) -> object:
        """The decision of this kind, if it is asked now."""

    def answer(self, number: str, kind: str, option: str, **fields: Any) -> httpx.Response:
        """Answer a decision, once it is asked."""

    def send(self, number: str, what: str, user: str | None = None, **fields: Any) -> httpx.Response:
        """Something that a unit sends, or `user` enters."""

    def advance_to(self, moment: datetime) -> datetime:
        """Move the clock to a moment, if that lies ahead; what time it is then."""

    def today(self) -> date:
        """The ledger's today."""

    def until_state(self, number: str, *states: str) -> State:
        """Wait until the matter is in one of these states."""

    def until_awaits(self, number: str, kind: str) -> str:
        """Wait until the matter awaits something of this kind; its key."""

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """Wait until there is something to see."""


@dataclass(frozen=True)
class Part:
    """One matter and the story it plays."""

    number: str
    story: Story
    replies: tuple[Path, ...] = ()


@dataclass
class Play:
    """A performance in one bureau."""

    bureau: Stage
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
        self.bureau.until(f"{part.number} 走完系统的各步", lambda: self._at_rest(part.number))

    def _at_rest(self, number: str) -> bool:
        state = self.bureau.state(number)
        return not any(state.awaits(step) for step in STEPS)

    def _do(self, part: Part, doing: Doing) -> None:
        details = {name: self._shifted(name, value) for name, value in doing.details.items()}
        one = replace(part, number=f"{part.number}-{doing.of}") if doing.of else part
        try:
            said = VERBS[doing.verb](self, one, **details)
        except Refusal as refusal:
            raise Refusal(f"{one.number}（{part.story.name}）：{refusal}") from refusal
        with self.lock:
            self.say(f"  {one.number} {said}")

    def _shifted(self, name: str, value: Any) -> Any:
        if value == TODAY:
            return self.bureau.today().isoformat()
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
        fields |= {f"has_{section}": True for section in ("violation", "revisit") if form.get(section)}
    answer = play.bureau.answer(part.number, kind, option, **fields)
    _expect(answer)
    who = organization.load().person(answer.json()["responded_by"]["id"])
    return f"{who.title}{who.name}：{option}"


def _call(play: Play, part: Part) -> str:
    play.bureau.until_awaits(part.number, "reply")
    if not play.bureau.state(part.number).awaits("call"):
        return "已交办，不必电话通知"
    unit = organization.load().units[play.bureau.state(part.number).unit]
    return _answer(play, part, "call", "已电话通知", callee=f"{unit.liaison.name}（{unit.liaison.title}）")


def _send(play: Play, part: Part, what: str, **fields: Any) -> str:
    play.bureau.until(f"{part.number} 已下达", lambda: play.bureau.state(part.number).rounds)
    unit = organization.load().units[play.bureau.state(part.number).unit]
    if what in ("extension", "account"):
        fields.setdefault("signed_by", unit.head.name)
    _expect(play.bureau.send(part.number, what, **fields))
    return f"{unit.short}：{NAMES[what]}"


def _enter(play: Play, part: Part, what: str, post: str, **fields: Any) -> str:
    play.bureau.until(f"{part.number} 已下达", lambda: play.bureau.state(part.number).rounds)
    person = organization.load().holders(post, play.bureau.state(part.number).unit)[0]
    _expect(play.bureau.send(part.number, what, user=person.user, **fields))
    return f"{person.title}{person.name}：{NAMES[what]}"


def _reply(play: Play, part: Part, file: str = "", text: str = "") -> str:
    state = play.bureau.until(f"{part.number} 可以回复", lambda: _to_reply_to(play.bureau.state(part.number)))
    org, law = organization.load(), regulation.load(state.regulation)
    unit, signers = org.units[state.unit], law.reply.signers
    leaders = org.holders(signers, state.unit)  # nobody where the unit's own people sign
    signed_by = leaders[0].name if leaders else unit.head.name
    if text:
        sent = (f"{unit.short}{law.reply.document}.docx", written(state, text, signed_by, play.bureau.today()), DOCX)
    else:
        sheet = next(one for one in part.replies if file in one.name)
        sent = (sheet.name, sheet.read_bytes(), DOCX)
    _expect(play.bureau.send(part.number, "reply", file=sent, signed_by=signed_by))
    return f"{unit.short}：回复《{sent[0].removesuffix('.docx')}》"


def _to_reply_to(state: State) -> State | None:
    """The unit has it, urged or not, and all parts of a divided matter are done."""
    waits = state.state not in WITH_UNIT or state.awaits("decompose") or state.awaits("children")
    return None if waits else state


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
    return AWAITED[state or awaits]


def _asked(play: Play, part: Part, kind: str) -> str:
    play.bureau.until(f"{part.number} asks {kind}", lambda: play.bureau.asked(part.number, kind))
    return "办公室正在审核"


def _expect(answer: httpx.Response) -> None:
    if answer.is_error:
        raise Refusal(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}")


AWAITED = {
    "urged": "到期没有回复，系统已催办",
    "account": "催办期满，系统已要求书面说明并登记问责",
    "children": "系统已分解下达各分办件",
}

NAMES = {
    "receipt": "领收",
    "reading": "阅批",
    "decline": "退件",
    "extension": "延期备案",
    "account": "报送书面情况说明",
    "progress": "报送进展",
    "period-report": "报送本期进度",
    "further-work": "登记续办",
    "extension-objection": "不同意延期",
    "urge": "催办",
    "follow-up": "登记回访",
    "leader-return": "批示重办",
    "criticism": "登记通报批评",
    "case-outcome": "登记问责处理结果",
    "coordination": "登记协调意见",
}

VERBS: dict[str, Callable[..., str]] = {
    "answer": _answer,
    "call": _call,
    "send": _send,
    "enter": _enter,
    "reply": _reply,
    "instruct": _instruct,
    "withdraw": _withdraw,
    "await": _await,
    "asked": _asked,
}


def happened(number: str) -> list[str]:
    """The kinds of what happened to a matter, without what stories do not name (ASIDE)."""
    with ledger.transaction() as session:
        events: Iterable[ledger.Event] = ledger.events(session, number)
    return [event.kind for event in events if event.kind not in ASIDE]


def made(number: str) -> str:
    """The kinds of the documents that were made on a matter, each once, as a story names them; not what came in."""
    with ledger.transaction() as session:
        events = ledger.events(session, number)
    papers = [event for event in events if event.kind == "documented" and not event.key.startswith("received:")]
    return " ".join(sorted({paper.data["kind"] for paper in papers}))
