"""上报: the result goes up with its own number and signer (T30–T32)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, change, ended, main

DRAFT = ("case", "form", "addressee", "layout", "series", "signer", "desks", "nth")


def _drafted(state: State, event: Event) -> State:
    data = event.data
    drafted = state.upward | {name: data[name] for name in DRAFT if name in data} | {"opinion": ""}
    waits = main(state, f"sign_up.{data['desks'][0]}:{data['nth']}")
    return change(state, state="report_up", desk=data["desks"][0], upward=drafted, **waits)


def _signed(state: State, event: Event) -> State:  # T30
    data = event.data
    nth = state.upward["nth"]
    if data["verdict"] != "pass":
        back = state.upward | {"opinion": data["opinion"], "returned_by": event.actor.name}
        return change(state, upward=back, desk="office", **main(state, f"upward.office:{nth}"))
    if data.get("next"):
        return change(state, desk=data["next"], **main(state, f"sign_up.{data['next']}:{nth}"))
    signed = state.upward | {
        "reference": data["reference"],
        "signed_by": event.actor.name,
        "signed_on": event.at.date().isoformat(),
    }
    return change(state, upward=signed, desk="office", **main(state, f"send_up:{nth}"))


def _revised(state: State, event: Event) -> State:
    said = {name: event.data[name] for name in ("addressee", "text", "attachments") if name in event.data}
    return change(state, upward=state.upward | said, desk="office", **main(state, f"upward:{event.data['nth']}"))


def _sent(state: State, event: Event) -> State:  # T32
    sent = state.upward | {name: event.data[name] for name in ("to", "on", "how", "reference")}
    return change(state, upward=sent | {"sent_on": event.data["on"]}, **ended(state, "closed", event))


HANDLERS: dict[str, Handler] = {
    "upward_drafted": _drafted,
    "upward_signed": _signed,
    "upward_revised": _revised,
    "sent_up": _sent,
}
