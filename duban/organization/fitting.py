"""Whether an organization has whom and what a regulation calls for: desks that are held, partners, letters."""

from collections.abc import Iterator

from duban.organization.bureau import Organization
from duban.regulation import Regulation


def lacking(org: Organization, law: Regulation) -> Iterator[tuple[str, str]]:
    """Yield what the organization lacks for this regulation: (the key of its file where it belongs, a sentence)."""
    yield from _desks(org, law)
    yield from _partners(org, law)
    yield from _letters(org, law)
    yield from _terms(org, law)


def _desks(org: Organization, law: Regulation) -> Iterator[tuple[str, str]]:
    desks = [*law.sign_chain.desks, *law.close_chain.desks]
    desks += [*(law.extension.desks or ()), *(law.registration.proposal_desks or ()), *(law.scoring.desks or ())]
    wanted = [(desk.post, desk.act, desk.basis) for desk in desks]
    covert = law.modes.get("covert")
    if covert is not None and covert.requires == "party_consent":
        wanted.append(("party", "同意暗访", covert.basis))
    for post, act, basis in wanted:
        if not org.holders(post):
            yield "岗位", f"《{law.title}》{basis.clause}要由{org.title(post)}{act}，这里没有人在这个岗位上"


def _partners(org: Organization, law: Regulation) -> Iterator[tuple[str, str]]:
    joint = law.modes.get("joint")
    for name in joint.partners if joint else ():
        if name not in org.partners:
            yield (
                "联合督办部门",
                f"《{law.title}》{joint.basis.clause if joint else ''}的联合督办有“{name}”，这里没有写是哪个部门",
            )


def _terms(org: Organization, law: Regulation) -> Iterator[tuple[str, str]]:
    for source in org.archiving.sources:
        if source not in law.sources:
            yield "归档", f"“保管期限”里写了第{source}类来源，《{law.title}》没有这一类，请对照制度的“来源”改正"


def _letters(org: Organization, law: Regulation) -> Iterator[tuple[str, str]]:
    if law.urge.document is not None and "催办" not in org.series:
        yield "机关代字", f"《{law.title}》{law.urge.basis.clause}的催办要发文书，这里缺少“催办”的代字"
    for rule in law.upward.values():
        # Without 代字 the paper is numbered by 上报 here or, where that is not written either, by hand.
        if rule.series is not None and rule.series not in org.series.values():
            yield "机关代字", f"《{law.title}》{rule.basis.clause}规定了代字“{rule.series}”，这里没有写"
        for unit in org.units.values() if "×" in (rule.series or "") else ():
            if not unit.letter:
                yield "承办单位", f"{unit.short}没有写“代字”，编不出“{rule.series}”号"
