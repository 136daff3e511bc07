"""Whether a channel works, and what would be sent now: for whoever sets the channels up."""

from sqlalchemy import select

from duban import clock, ledger
from duban.errors import Refusal
from duban.ledger import NoticeRow, State
from duban.ledger.models import MatterRow
from duban.ledger.notices import WAITING
from duban.notify import addressing, planning, wording
from duban.notify.listing import role_name
from duban.notify.sending import Resolve
from duban.organization import OFFICE, Organization
from duban.organization.notifying import UNIT

WELL = "试发成功，请到渠道里看有没有收到。"
WORDS = "这是督办系统的试发消息，收到即表示渠道可用，不需要办理。"


def try_channel(org: Organization, name: str, resolve: Resolve) -> str:
    """Send a message that says nothing of any matter over one channel: to the office's first clerk, or its group.

    Of a channel with a connection for every unit each is tried. Returns WELL, or what is wrong. Refusal for a channel
    that the bureau has not.
    """
    from duban.notify import channels  # Apprise takes a second to be there, and `duban --help` needs none of it

    channel = next((one for one in org.notifying.channels if one.name == name), None)
    if channel is None:
        known = "、".join(one.name for one in org.notifying.channels) or "没有写渠道"
        raise Refusal(f"机构文件的“通知”里没有叫“{name}”的渠道；现有：{known}。")
    with ledger.transaction() as session:
        rehearsal = not clock.is_real(session)
    person = org.person(org.clerks[0].user) if channel.to == "person" else None
    units = (OFFICE, *org.units) if UNIT in channel.connection else ("",)
    wrong = []
    for unit in units:
        connection = channel.connection.replace(UNIT, unit)
        try:
            told = channels.send(
                resolve(connection),
                wording.title(rehearsal=rehearsal),
                wording.message([WORDS], rehearsal=rehearsal),
                person,
            )
        except (Refusal, channels.UnaddressedError) as lacking:
            told = str(lacking)
        if told:
            wrong.append(f"{connection}：{told}")
    return "；".join(wrong) or WELL


def preview(org: Organization) -> list[tuple[str, str, str, str]]:
    """What would be sent now: (channel, to whom, who that is, the words). Nothing is entered and nothing is sent."""
    found = []
    with ledger.transaction() as session, session.begin_nested() as undone:
        planning.plan(session, org)
        rows = session.scalars(select(NoticeRow).where(NoticeRow.state.in_(WAITING)).order_by(NoticeRow.id)).all()
        for row in rows:
            state = State.model_validate(
                session.scalars(select(MatterRow.view).where(MatterRow.number == row.number)).one()
            )
            person = addressing.person_of(org, row.role)
            if state.organization == org.id and addressing.may_be_told(state, org, row.role):
                words = wording.sentence(org, state, row.kind, row.key)
                found.append((row.channel, role_name(row.role), person.name if person else "", words))
        session.expire_all()
        undone.rollback()
    return found
