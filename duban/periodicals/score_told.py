"""A month of scores as each person is told it: a unit its own part, everybody the ranking once it is published (N17).

A unit sees its entries in every detail from the draft on; the office and the leaders, and whoever else may see the
file, see the whole sheet. Nobody of a unit learns of another's entries.
"""

from typing import Any

from duban import organization
from duban.acts.seeing import may_see
from duban.ledger import Actor, State
from duban.ledger.standing import STATES, Document
from duban.marks import is_secret
from duban.periodicals import reading, scoring
from duban.periodicals.publishing import TABLE

#: Who of a unit may object to its scores (see `objecting`).
OBJECTORS = ("unit_head", "liaison")


def told_to(state: State, actor: Actor) -> bool:
    """Say whether there is anything for this person: a unit has its own part of every draft, others what they see."""
    return bool(state.attempt) and (actor.unit is not None or may_see(state, actor))


def line(state: State, actor: Actor) -> dict[str, Any]:
    """The head of a period file: where it stands, until when may be objected, and the objections that are one's own."""
    period = reading.of(state).periodical
    mine = [one for one in period.objections if may_see(state, actor) or one.unit == actor.unit]
    return {
        "number": state.number,
        "title": state.title,
        "period": period.period,
        "reference": state.reference,
        "state": state.state,
        "state_text": STATES[state.state],
        "objections_until": period.objections_until.isoformat() if period.objections_until else None,
        "may_object": state.awaits("objections") is not None and actor.unit is not None,
        "published_at": period.published_at.isoformat() if period.published_at else None,
        "objections": [one.model_dump(mode="json") for one in mine],
    }


def told(state: State, content: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The whole sheet (`sheet`) for who may see the file; else the unit's own part, and the published ranking."""
    if may_see(state, actor):
        return {"sheet": content["sheet"]}
    published = state.state == "published"
    own = own_part(content, actor.unit or "", ranked=published)
    return {"unit": own, "ranking": scoring.ranking(content) if published else None}


def own_part(content: dict[str, Any], unit: str, *, ranked: bool) -> dict[str, Any] | None:
    """What a unit is told of itself: its line with its entries, of withheld matters no more than the number.

    `ranked`: its rank too, which is told with the ranking of all and not before. None when it is not on the sheet.
    """
    own = scoring.unit_in(content, unit)
    if own is None:
        return None
    own = own | {name: [scoring.told(one) for one in own[name]] for name in ("entries", "carried")}
    return own if ranked else {name: value for name, value in own.items() if name != "rank"}


def papers(state: State, actor: Actor) -> list[Document]:
    """The papers of the file that this person may open: all for who may see it; units get the notice once it is out.

    The table of all entries and the answers to objections go to no unit, and a notice with the mark of a state secret
    goes out on paper (see `publishing`).
    """
    if may_see(state, actor):
        return list(state.documents)
    if actor.unit is None or state.state != "published" or is_secret(state.mark):
        return []
    kinds = notices(state)
    return [one for one in state.documents if one.kind in kinds and one.kind != TABLE]


def notices(state: State) -> set[str]:
    """The kinds of paper that are the notice of a month of scores: as the rule names it, or by its use."""
    from duban import documents, regulation  # the catalogue is read for a page of scores only

    named = regulation.load(state.regulation).scoring.document
    if named:
        return {named}
    return {kind.name for kind in documents.kinds(state.organization).values() if "考核通报" in kind.uses}


def may_object(actor: Actor) -> bool:
    """Whether this person objects for the unit: its head or its liaison."""
    if actor.unit is None:
        return False
    posts = organization.load().unit_posts(actor.unit)
    return actor.user in {posts[post].user for post in OBJECTORS if post in posts}
