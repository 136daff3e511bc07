"""The fields of the registration form 立项登记 as people meet them: label, help, choices and the clause behind each.

Airflow's trigger form and the page 新建督办件 are both made from this table, so that they ask the same. What is checked
of an answer is `acts.form`'s. A pick list offers what the regulation and the organization file contain and nothing
else; what this regulation does not know (a mode, a way of proposal, a way up) is not asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from duban.acts import modes
from duban.acts.form import MARKS, TEXTS, TICKS, URGENCIES
from duban.acts.tables import CAMPAIGN
from duban.organization import Organization
from duban.regulation import Basis, Regulation

MATTER, SOURCE, INSTRUCTION, HANDLING, SECRECY = "督办事项", "来源和依据", "领导批示", "办理", "密级和发放"
MODE, PROPOSAL, TABLES = "督办方式", "呈批", "阶段和分工"
UNSAID = ""
LABELS = {name: label for name, (label, _most) in TEXTS.items()} | modes.DATES | modes.LISTS | modes.CHOICES | TICKS

TEXT, LINES, PICK, DATE, TICK, ROWS = "text", "lines", "pick", "date", "tick", "rows"


@dataclass(frozen=True)
class Field:
    """One field: its kind (text, lines, pick, date, tick, rows), and what is said beside it.

    `choices`: code -> word of a pick list. `start`: the choice that it starts with. `examples`: what may be typed, of
    names. `most`: characters. `wanted`: no matter without it (a marked one excepted). `bases`: the clauses behind it.
    """

    name: str
    label: str
    section: str
    kind: str
    help: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    start: str = UNSAID
    examples: tuple[str, ...] = ()
    most: int | None = None
    wanted: bool = False
    bases: tuple[Basis, ...] = ()


def fields_of(type_id: str, law: Regulation, org: Organization) -> dict[str, Field]:
    """Return the fields of the form for a matter of that type, in the order of the notice (rules.md §4)."""
    rule = law.types[type_id]
    units = {unit.code: unit.name for unit in org.units.values()}
    sources = {str(number): f"{number}. {source.name}" for number, source in law.sources.items()}
    leaders = tuple(person.name for person in org.holders(("chief", "deputy")))
    of_modes = {one.name: one for one in _of_modes(law, org)}
    lead = "主办单位；其他单位写在协办单位里。" if type_id != "decomposed" else "牵头单位，汇总各单位的分办结果。"
    instructed = _spoken(notice.basis for notice in law.notices.values() if notice.needs_leader)
    registered, secrecy = _spoken([law.registration.basis]), _spoken([law.secrecy.basis])
    form = [
        _text("title", MATTER, "写明什么事，一行之内。涉密件只写代称。", wanted=True, bases=registered),
        Field("unit", "承办单位", MATTER, PICK, lead, units, wanted=True, bases=_spoken([law.duty.basis])),
        of_modes.pop("cohandlers"),
        _text("requirement", MATTER, "要办成什么、报什么。除涉密件外必填。", lines=True, bases=registered),
        _text("goal", MATTER, "重点工作填写，印在通知单上；没有的不填。"),
        *_tables(type_id, law),
        Field(
            "source",
            "来源",
            SOURCE,
            PICK,
            f"《{law.title}》的督办范围；决定用哪一种通知单。",
            sources,
            wanted=True,
            bases=_spoken(source.basis for source in law.sources.values()),
        ),
        _text("basis_document", SOURCE, "来文或会议名称及文号。"),
        _text("instruction_by", INSTRUCTION, "批示件必填；可选，也可直接填写。", examples=leaders, bases=instructed),
        Field("instruction_on", "批示日期", INSTRUCTION, DATE, "批示件必填。"),
        _text("instruction_text", INSTRUCTION, "批示件必填。照录原文；涉密件不填。", lines=True),
        Field(
            "urgency",
            "紧急程度",
            HANDLING,
            PICK,
            "",
            {word: word for word in URGENCIES},
            URGENCIES[0],
            bases=_spoken([law.tracking.basis] if law.tracking.intervals else []),
        ),
    ]
    if type_id != "staged" and (rule.stated or rule.leader_overrides or rule.cadence is not None):
        said = "报到哪一天为止；不填即一直报到办结。" if rule.cadence is not None else "办结的最后一天。"
        wanted = "必填：" if rule.stated else ""
        form.append(
            Field("due_on", "办理期限", HANDLING, DATE, wanted + said, wanted=rule.stated, bases=_spoken([rule.basis]))
        )
    readers = [of_modes.pop("readers")] if "readers" in of_modes else []
    form += [
        _text("contact", HANDLING, "承办单位有疑问时打给谁。"),
        Field(
            "violation",
            "反映违法违纪问题",
            HANDLING,
            TICK,
            "属实的，办结报告必须有处理意见或整改措施。",
            bases=_of_sections(law, "substantiated", "needs_rectification"),
        ),
        Field(
            "revisit",
            "要求回访当事人",
            HANDLING,
            TICK,
            "办结报告必须写明回访情况。",
            bases=_of_sections(law, "visit_required"),
        ),
        *of_modes.values(),
        Field(
            "mark",
            "密级",
            SECRECY,
            PICK,
            "秘密以上只登记代称和纸质件存放处。",
            {word: word for word in MARKS},
            MARKS[0],
            bases=secrecy,
        ),
        _text("paper", SECRECY, "涉密件必填：纸质件在哪里、谁保管。"),
        _text("distribution", SECRECY, "通知单发给谁；不填即只发承办单位。", bases=secrecy),
        *readers,
    ]
    return {one.name: one for one in form}


def _tables(type_id: str, law: Regulation) -> list[Field]:
    if type_id == "staged":
        stages = (
            "必填，一行一个阶段：名称 开始日期 结束日期；由办公室检查的阶段行末写“办公室”。例：调研梳理 9月1日 9月10日"
        )
        bases = _spoken([law.stages.basis])
        return [
            Field("stages", "阶段", TABLES, ROWS, stages, wanted=True, bases=bases),
            Field("campaign", CAMPAIGN[0], TABLES, TEXT, "同一专项的几件事填同一个名称。", most=CAMPAIGN[1]),
        ]
    if type_id == "decomposed":
        parts = "必填，一行一个单位：单位 要求 期限（不晚于主件，可不写）。例：经侦支队 核查资金流向 3月10日"
        bases = _spoken([law.decomposition.basis])
        return [Field("parts", "分工", TABLES, ROWS, parts, wanted=True, bases=bases)]
    return []


def _of_modes(law: Regulation, org: Organization) -> list[Field]:
    """The fields that the modes, the proposals and the ways up of this regulation ask for."""
    people = {"order_by": org.holders("chief"), "consent_by": org.holders("party")}
    partners = law.modes["joint"].partners if "joint" in law.modes else ()
    said = {
        "mode": "不选即书面督办。",
        "cohandlers": "几个单位之间用顿号隔开。",
        "order_by": "实地督办必填。",
        "order_text": "实地督办填写：局长怎样要求的，与文号至少填一项。",
        "consent_by": "暗访必填。",
        "consent_number": "暗访必填：会议纪要或批件的文号。",
        "own_reason": "直接办理必填。",
        "partners": f"联合督办必填，几个之间用顿号隔开：{'、'.join(partners)}。",
        "readers": "指定谁可以知道这件事，写姓名，用顿号隔开；不填即本单位的人都可以看。",
        "proposed_by": "由部门呈批的填写：单位名称。",
        "proposal_reason": "由部门呈批的填写。",
        "proposal_route": "由部门呈批的选择。",
        "report_up": "不选即按来源。",
        "report_to": "上报给谁；不填即按来源。",
    }
    choices = {
        "mode": modes.offered(law),
        "proposal_route": {code: word for word, code in modes.ROUTES.items()},
        "report_up": {"是": "上报", "否": "不上报"},
    }
    bases = _bases_of_modes(law)
    fields = []
    for name in modes.fields_for(law):
        section, help_ = _SECTIONS.get(name, MODE), said.get(name, "")
        found = _spoken(bases.get(name, ()))
        if name in choices:
            fields.append(Field(name, LABELS[name], section, PICK, help_, choices[name], bases=found))
        elif name in modes.DATES:
            fields.append(Field(name, LABELS[name], section, DATE, help_, bases=found))
        elif name in modes.LISTS:
            fields.append(Field(name, LABELS[name], section, TEXT, help_, bases=found))
        else:
            names = tuple(one.name for one in people.get(name, ()))
            fields.append(_text(name, section, help_, lines=TEXTS[name][1] > 200, examples=names, bases=found))
    return fields


def _bases_of_modes(law: Regulation) -> dict[str, tuple[Basis, ...]]:
    found: dict[str, tuple[Basis, ...]] = {
        name: (rule.basis,) for rule in law.modes.values() if rule.requires for name in modes.shown_by(rule.requires)
    }
    found["mode"] = tuple(rule.basis for rule in law.modes.values())
    found["partners"] = (law.modes["joint"].basis,) if "joint" in law.modes else ()
    found["readers"] = (law.secrecy.basis,)
    found["cohandlers"] = (law.decomposition.basis,)
    for name in ("proposed_by", "proposal_reason", "proposal_route"):
        found[name] = (law.registration.basis,)
    for name in ("report_up", "report_to"):
        found[name] = tuple(rule.basis for rule in law.upward.values())
    return found


_SECTIONS = {
    "cohandlers": MATTER,
    "readers": SECRECY,
    "proposed_by": PROPOSAL,
    "proposal_reason": PROPOSAL,
    "proposal_route": PROPOSAL,
    "report_up": SOURCE,
    "report_to": SOURCE,
}


def _of_sections(law: Regulation, *when: str) -> tuple[Basis, ...]:
    return _spoken(section.basis for section in law.reply_sections.values() if section.when in when)


def _spoken(bases: Iterable[Basis]) -> tuple[Basis, ...]:
    """The clauses of these that the regulation has, each once: of what it is silent on there is nothing to cite."""
    return tuple(dict.fromkeys(basis for basis in bases if basis.clause))


def _text(
    name: str,
    section: str,
    help_: str,
    *,
    wanted: bool = False,
    lines: bool = False,
    examples: tuple[str, ...] = (),
    bases: tuple[Basis, ...] = (),
) -> Field:
    label, most = LABELS[name], TEXTS[name][1]
    kind = LINES if lines else TEXT
    return Field(name, label, section, kind, help_, examples=examples, most=most, wanted=wanted, bases=bases)
