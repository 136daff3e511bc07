"""督办方式: which ways there are to hand a matter over, what each asks of the form, and who else is in it.

What must be on record before a mode may be used (the chief's order, the party committee's consent, special importance)
is the regulation's to say; here is only how each of these is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duban.acts.form_values import coded, day, names, yes_or_no
from duban.errors import Refusal
from duban.organization import OFFICE, Organization
from duban.regulation import Regulation, vocabulary
from duban.text import optional, required

WRITTEN = "written"
#: field -> (what it is called, most characters).
TEXTS: dict[str, tuple[str, int]] = {
    "order_by": ("提出要求的局领导", 40),
    "order_text": ("局长要求", 500),
    "order_number": ("局长要求文号", 60),
    "consent_by": ("同意的局党委领导", 40),
    "consent_number": ("局党委同意文号", 60),
    "own_reason": ("特别重要的理由", 500),
    "proposed_by": ("呈批部门", 60),
    "proposal_reason": ("呈批理由", 2000),
    "report_to": ("上报对象", 100),
}
DATES = {"order_on": "局长要求日期", "consent_on": "局党委同意日期"}
LISTS = {"cohandlers": "协办单位", "partners": "参加部门", "readers": "知情人员"}
CHOICES = {"mode": "督办方式", "proposal_route": "呈批方式", "report_up": "上报"}
FIELDS = (*TEXTS, *DATES, *LISTS, *CHOICES)
#: 呈局长, or put on record with the office instead, which skips the chief's step (BC 五（一）, A17).
ROUTES = {"呈局长": "approve", "备案": "record"}
#: What may be the content of a state secret and then stands on paper only.
CONTENT = ("order_text", "own_reason", "proposal_reason")

_LABELS = {**{name: label for name, (label, _most) in TEXTS.items()}, **DATES}
_MODE_WORDS = {code: word for word, code in vocabulary.MODES.items()}


@dataclass(frozen=True)
class _Shown:
    """How a prerequisite is shown on the form: by whose word (a holder of the post), on which day, and how it reads."""

    by: str
    post: str
    on: str
    either: tuple[str, ...]  # at least one of these

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in the order of a form; with another prerequisite, or none, they stay empty."""
        return tuple(name for name in (self.by, self.on, *self.either) if name)


_SHOWN: dict[str, _Shown] = {
    "chief_order": _Shown("order_by", "chief", "order_on", ("order_text", "order_number")),
    "party_consent": _Shown("consent_by", "party", "consent_on", ("consent_number",)),
    "special_importance": _Shown("", "", "", ("own_reason",)),
}


def mode_word(mode: str) -> str:
    """What people call a mode (书面, 电话 …)."""
    return _MODE_WORDS[mode]


def offered(law: Regulation) -> dict[str, str]:
    """The modes that a matter may take under this regulation, code -> word; written is always there."""
    return {code: word for code, word in _MODE_WORDS.items() if code == WRITTEN or code in law.modes}


def shown_by(prerequisite: str) -> tuple[str, ...]:
    """The fields in which this prerequisite (chief_order …) is shown, in the order of a form."""
    return _SHOWN[prerequisite].fields


def fields_for(law: Regulation) -> tuple[str, ...]:
    """The fields that make sense under this regulation, in the order of a form: what it does not know is not asked."""
    asked = [field for mode in law.modes.values() if mode.requires for field in shown_by(mode.requires)]
    asked += ["partners"] if "joint" in law.modes else []
    asked += ["proposed_by", "proposal_reason"] if law.registration.proposal_desks else []
    asked += ["proposal_route"] if law.registration.record_instead else []
    asked += ["report_up", "report_to"] if law.upward else []
    asked += ["readers"] if law.secrecy.named_readers else []
    modes = ["mode"] if len(offered(law)) > 1 else []
    return tuple(dict.fromkeys([*modes, "cohandlers", *asked]))


def checked(
    form: Mapping[str, Any],
    law: Regulation,
    org: Organization,
    now: datetime,
    *,
    secret: bool,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The fields of the mode, clean and complete, with the unit; the source of the form is checked already.

    `before` is the form that was accepted earlier. What was shown then (an order, a consent) stands, though another
    may hold the post by now. Raises Refusal with one sentence for the first thing that is wrong.
    """
    result: dict[str, Any] = {name: optional(form.get(name), label, most) for name, (label, most) in TEXTS.items()}
    result |= {name: day(form.get(name), label) for name, label in DATES.items()}
    result |= {name: names(form.get(name), label) for name, label in LISTS.items()}
    result["mode"] = coded(form.get("mode") or WRITTEN, {w: c for c, w in offered(law).items()}, CHOICES["mode"])
    result["unit"] = _unit(form, law, org, now, result["mode"])
    result["cohandlers"] = _cohandlers(result, law, org, now)
    result["partners"] = _partners(result, law)
    result["readers"] = _readers(result, law, org)
    _check_prerequisite(result, law, org, now, secret=secret, before=before or {})
    result |= _proposal(result, form, law, org, secret=secret)
    result["report_up"] = _way_up(form, law)
    if result["report_to"] and not result["report_up"]:
        raise Refusal("“上报对象”填写了，但本件不上报，请核对来源和“上报”。")
    if result["mode"] == "covert" and result["proposed_by"] in (result["unit"], *result["cohandlers"]):
        raise Refusal("“呈批部门”就是被暗访的单位，暗访不能由被督办的单位自己提出，请改用别的督办方式。")
    return result


def refuse_self_observed(mode: str, units: tuple[str, ...], actor_unit: str | None) -> None:
    """Refuse a covert visit that somebody of the very unit asks for (SK-3.2: it is not told)."""
    if mode == "covert" and actor_unit in units:
        raise Refusal("暗访不能由被督办的单位自己提出，请由办公室登记。")


def _unit(form: Mapping[str, Any], law: Regulation, org: Organization, now: datetime, mode: str) -> str:
    given = optional(form.get("unit"), "承办单位", 60)
    if mode == "own":
        if given not in ("", OFFICE):
            raise Refusal(f"直接办理的事项由{org.office}承办，“承办单位”请留空，或改用别的督办方式。")
        if law.types[str(form["type"])].cadence is not None or form["type"] in ("staged", "decomposed"):
            raise Refusal("直接办理的事项只报一次结果，这类督办（周报、分阶段、分解）请交承办单位办理。")
        return OFFICE
    required(given, "承办单位", 60)
    if given == OFFICE:
        raise Refusal(f"“承办单位”不能是{org.office}；由办公室自己办的，请登记为直接办理。")
    return _named(given, law, org, now, "承办单位")


def _named(name: str, law: Regulation, org: Organization, now: datetime, label: str) -> str:
    """The code of a unit that is there and names everyone whom the regulation asks for (BC 一（三）, 三（二））."""
    try:
        return org.complete(name, law.duty, now.date()).code
    except Refusal as refusal:
        raise Refusal(f"“{label}”：{str(refusal).rstrip('。')}。") from refusal


def _cohandlers(result: dict[str, Any], law: Regulation, org: Organization, now: datetime) -> list[str]:
    codes = [_named(name, law, org, now, "协办单位") for name in result["cohandlers"]]
    if codes and result["mode"] == "own":
        raise Refusal("直接办理的事项没有承办单位，“协办单位”请留空。")
    if result["unit"] in codes:
        raise Refusal(f"“协办单位”里的{org.unit(result['unit']).short}已经是主办单位，请从协办单位中删去。")
    if double := next((code for code in codes if codes.count(code) > 1), None):
        raise Refusal(f"“协办单位”里的{org.unit(double).short}写了两次，请删去一个。")
    return codes


def _partners(result: dict[str, Any], law: Regulation) -> list[str]:
    given = result["partners"]
    if result["mode"] != "joint":
        if given:
            raise Refusal("“参加部门”只用于联合督办，请改选督办方式或者清空这一项。")
        return []
    known = law.modes["joint"].partners
    if not given:
        raise Refusal(f"联合督办至少要有一个参加部门，请填写“参加部门”（{'、'.join(known)}）。")
    for name in given:
        if name not in known:
            raise Refusal(f"“参加部门”里的“{name}”不是《{law.title}》规定的，请从{'、'.join(known)}中选择。")
    return list(dict.fromkeys(given))


def _readers(result: dict[str, Any], law: Regulation, org: Organization) -> list[str]:
    """The sign-in names of those who may know of the matter (MM 五（五））; named by name or by sign-in name."""
    if not result["readers"]:
        return []
    if not law.secrecy.named_readers:
        raise Refusal(f"《{law.title}》没有规定指定知情人员，“知情人员”请留空。")
    people = [[one for one in org.people if name in (one.user, one.name)] for name in result["readers"]]
    for name, found in zip(result["readers"], people, strict=True):
        if len(found) != 1:
            why = "有几位同名，请改写用户名" if found else "在机构文件里没有，请核对姓名"
            raise Refusal(f"“知情人员”里的“{name}”{why}。")
    units = {found[0].unit for found in people}
    if result["mode"] != "own" and result["unit"] not in units:
        raise Refusal(f"“知情人员”里没有{org.unit(result['unit']).short}的人，这件事就没有人能办，请补上。")
    return list(dict.fromkeys(found[0].user for found in people))


def _check_prerequisite(
    result: dict[str, Any],
    law: Regulation,
    org: Organization,
    now: datetime,
    *,
    secret: bool,
    before: Mapping[str, Any],
) -> None:
    rule = law.modes.get(result["mode"])
    wanted = rule.requires if rule is not None else None
    for prerequisite, known in _SHOWN.items():
        filled = [_LABELS[name] for name in known.fields if result[name]]
        if filled and prerequisite != wanted:
            raise Refusal(f"督办方式是{mode_word(result['mode'])}，用不着“{'、'.join(filled)}”，请核对。")
    if wanted is None or (before and all(before.get(name) == result[name] for name in _SHOWN[wanted].fields)):
        return
    shown = _SHOWN[wanted]
    if shown.by:
        _refuse_other_leader(result, shown, org)
    if shown.on and required(result[shown.on], _LABELS[shown.on], 10) > now.date().isoformat():
        raise Refusal(f"“{_LABELS[shown.on]}”{result[shown.on]} 晚于今天，请核对。")
    either = [name for name in shown.either if not (secret and name in CONTENT)]
    if either and not any(result[name] for name in either):
        raise Refusal(f"“{'”或“'.join(_LABELS[name] for name in either)}”没有填写，请补充后再提交。")


def _refuse_other_leader(result: dict[str, Any], shown: _Shown, org: Organization) -> None:
    people = [holder.name for holder in org.holders(shown.post)]
    post = org.title(shown.post)
    if not people:
        raise Refusal(f"机构文件里没有写谁担任“{post}”，不能登记{mode_word(result['mode'])}督办，请先补上。")
    if required(result[shown.by], _LABELS[shown.by], 40) not in people:
        what = f"{mode_word(result['mode'])}督办要有{post}的要求或同意"
        raise Refusal(f"{what}，“{_LABELS[shown.by]}”应为{'、'.join(people)}，请核对。")


def _proposal(
    result: dict[str, Any], form: Mapping[str, Any], law: Regulation, org: Organization, *, secret: bool
) -> dict[str, Any]:
    rule = law.registration
    if not result["proposed_by"]:
        if result["proposal_reason"] or form.get("proposal_route"):
            raise Refusal("填写了呈批的内容，但“呈批部门”没有填写，请补充；不需要呈批的请清空。")
        return {"proposal_route": ""}
    if rule.proposal_desks is None:
        raise Refusal(f"《{law.title}》没有规定呈批，“呈批部门”请留空。")
    try:
        unit = org.unit(result["proposed_by"])
    except Refusal as refusal:
        raise Refusal(f"“呈批部门”：{str(refusal).rstrip('。')}。") from refusal
    if not secret:
        required(result["proposal_reason"], *TEXTS["proposal_reason"])
    routes = {word: code for word, code in ROUTES.items() if code == "approve" or rule.record_instead}
    route = coded(form.get("proposal_route") or "approve", routes, CHOICES["proposal_route"])
    return {"proposed_by": unit.code, "proposal_route": route}


def _way_up(form: Mapping[str, Any], law: Regulation) -> bool:
    """Whether the result goes up: as the source says, unless the form says otherwise (BC 五（八）, LZ 三（四）)."""
    usual = law.way_up(form["source"], form.get("instruction_by")) is not None
    up = yes_or_no(form.get("report_up"), CHOICES["report_up"], unsaid=usual)
    if up and not usual and "all" not in law.upward:
        raise Refusal(f"《{law.title}》没有规定这类来源怎样上报，“上报”请选否，或核对来源。")
    return up
