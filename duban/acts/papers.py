"""The papers of a matter: made from the ledger and the regulation and nothing else, each an event with its checksum.

One way leads from ledger to document: `make` takes the events so far, `paper_values` and `paper_events` say them in
words, `documents.render` puts the words into the template. `again` goes the same way from the events that were there
when a document was made, and arrives at the same bytes as long as template, regulation and organization are the same.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from duban import documents, intake, ledger
from duban.acts.act import SYSTEM, Act, act
from duban.acts.form import is_secret
from duban.acts.paper_events import event_values
from duban.acts.paper_values import day, matter_values
from duban.documents import PAPER_ELSEWHERE as SEE_PAPER
from duban.errors import Refusal
from duban.ledger import Event, StoredFile
from duban.ledger.projection import apply

__all__ = ["SEE_PAPER", "again", "attach", "day", "form", "keep", "looked_through", "make", "upward_kind", "values_of"]


def make(it: Act, kind: str | None, nth: str = "", note: str = "") -> None:
    """Render a document, keep the file, and enter it in the ledger; once for a round, an assignment and `nth`.

    Some regulations name no paper for a step; then there is none. `nth` tells papers of one kind in a round apart: a
    second urge, a case, the draft and the signed copy; `note` stands behind the kind in the name of the file. Raises
    Refusal when the bureau has no such document or a field that it cannot go without is empty.
    """
    if kind is None or it.taken_over:  # what was on paper before Duban stays on paper
        return
    given = it.state.assignment
    key = f"document:{kind}:{it.state.round}.{it.state.attempt}" + (f"@{given}" if given > 1 else "")
    key += f".{nth}" if nth else ""
    if it.done(key) is not None:
        return
    content = _content(it, kind, ledger.events(it.session, it.number))
    name = f"{it.number} {kind}{note}"
    earlier = sum(1 for one in it.state.documents if one.name.startswith((f"{name}.", f"{name}（第")))
    name += f"（第{earlier + 1}份）.docx" if earlier else ".docx"
    template = sha256(documents.kinds(it.state.organization)[kind].path.read_bytes()).hexdigest()
    keep(it, name, content, kind, key, {"template": template})


def again(it: Act, document: Event) -> bytes:
    """The bytes of a document that was made before, made once more from the events that came before it.

    `document` is its event (`documented`). Raises Refusal when it is a file that came in and was not made here.
    """
    if "template" not in document.data:
        raise Refusal(f"“{document.data['name']}”是收到的文件，不是系统制作的，不能重做。")
    before = [event for event in ledger.events(it.session, it.number) if event.seq < document.seq]
    state = None
    for event in before:
        state = apply(state, event)
    if state is None:
        raise Refusal(f"督办件 {it.number} 在这份文书之前没有登记，请运行 duban verify 检查台账。")
    then = Act(it.session, it.number, document.at, state)
    return _content(then, document.data["kind"], before)


def _content(it: Act, kind: str, events: Sequence[Event]) -> bytes:
    return documents.render(kind, values_of(it, events), it.state.organization)


def values_of(it: Act, events: Sequence[Event] | None = None) -> dict[str, Any]:
    """What a template may use: the matter as it stands after these events (default: all), in words."""
    said = ledger.events(it.session, it.number) if events is None else events
    if it.state.periodical is not None:
        from duban.periodicals.values import values_of as period_values  # made of the acts

        return period_values(it, said)
    return matter_values(it) | event_values(it, said)


def form(number: str, kind: str) -> bytes:
    """A paper for the unit to fill in (回复参考模式), entered nowhere. Raises Refusal as `make` does."""
    with act(number) as it:
        return _content(it, kind, ledger.events(it.session, number))


def upward_kind(it: Act, case: str) -> str:
    """The document in which a result goes up in this case (LZ-3.4): named as the layout or the form of its rule.

    Raises Refusal when the regulation lays down a form for which the bureau has no template.
    """
    rule = it.law.upward[case]
    known = documents.kinds(it.state.organization)
    for name in (rule.layout, rule.form, f"上报{rule.form}"):
        if name in known:
            return str(name)
    raise Refusal(
        f"《{it.law.title}》的上报文种“{rule.form}”没有模板，请在文书目录里加上“{rule.layout or rule.form}”。"
    )


def looked_through(number: str, name: str, content: bytes, secret: str) -> intake.Received:
    """What a machine sees of a file that somebody sends for a matter; safe to keep, or refused.

    Before `act`, never within: looking takes seconds, and meanwhile nobody else could do anything with the matter.
    Raises Refusal for a state secret, `secret` being what to do instead: such a file is not even opened.
    """
    with ledger.transaction() as session:
        mark = ledger.state(session, number).mark
    if is_secret(mark):
        raise Refusal(f"督办件 {number} 为{mark}件，{secret}")
    return intake.inspect(name, content)


def attach(it: Act, name: str, content: bytes, kind: str) -> StoredFile:
    """Keep a file that a unit sent, as evidence, under the name that it gave it."""
    shown = intake.shown_name(name)
    return keep(it, shown, content, kind, f"received:{kind}:{it.state.round}", {}, intake.media_type(shown))


def keep(
    it: Act, name: str, content: bytes, kind: str, key: str, more: dict[str, str], media: str = documents.DOCX
) -> StoredFile:
    """Keep a file of any making, and enter it in the ledger under `key`, once."""
    stored = ledger.store(it.session, it.number, Path(name).name, content, media)
    data = {"kind": kind, "name": stored.name, "sha256": stored.sha256, "size": stored.size} | more
    known = documents.kinds(it.state.organization).get(kind)
    own = it.state.periodical.clause if it.state.periodical else it.law.reply.basis.clause
    clause = known.clause if known else own
    it.record("documented", key, SYSTEM, clause, data)
    return stored
