"""Who may see a matter (MM 五（五）, LZ 二, SK-3.2, BC 三（五）, 八（四）)."""

from duban.ledger import Actor
from duban.ledger.standing import State

#: Posts of the bureau's office and leadership: they see every matter.
BUREAU = ("office", "director", "deputy", "chief", "party", "operator")

#: Posts that look (检查, 审计): they see what everybody concerned may know of.
READERS = ("inspector", "auditor")

SCORES = "monthly_scoring"


def may_see(state: State, actor: Actor) -> bool:
    """Whether this person may see the matter: in a list, on a page, in a message, as a file.

    The office and the leaders see all. People of a unit see what their unit handles or helps with; a part is a matter
    of its own unit, and its parent is not. Of a period file a unit is told its own part (`duban.portal.scores`) and
    sees nothing else. Who inspects or audits sees the matters of all units, and scores once they are published.
    Nobody but the office and the leaders sees a covert matter before it is released; one with a list of readers is
    seen by these only, wherever they are.
    """
    if actor.post in BUREAU:
        return True
    if state.periodical is not None:
        return actor.post in READERS and state.type == SCORES and state.periodical.published_at is not None
    if not state.released:
        return False
    if readers := state.form.get("readers"):
        return actor.user in readers
    if actor.post in READERS:
        return True
    return actor.unit is not None and actor.unit in (state.unit, *state.cohandlers)
