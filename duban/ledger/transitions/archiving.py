"""年度归档: a matter, or a period file, has its place in the archive of a year (T35, T36)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, await_, change


def _archived(state: State, event: Event) -> State:  # T35
    """How it ended stays known beside the state; papers that came later are entered under further 档号."""
    data, before = event.data, state.archived
    archived = {
        "at": event.at.isoformat(),
        "year": data["year"],
        "how": before.get("how") or state.state,
        "retention": data["retention"],
        "pieces": [*before.get("pieces", ()), *(piece["code"] for piece in data["pieces"])],
    }
    if state.periodical is not None:  # a period file stays published: the scores of the year are read from there
        return change(state, archived=archived)
    return change(state, state="archived", desk=None, archived=archived, **await_(state, drop=("file",)))


HANDLERS: dict[str, Handler] = {"archived": _archived}
