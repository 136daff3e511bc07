"""The form of an act, made from the table: each field with its words, its kind, and the values that are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from duban import organization, regulation
from duban.acts.noting import CRITICISM, PRAISE
from duban.acts.paper_tables import CASE_WORDS, REASON_WORDS
from duban.acts.reminding import HOW as ASKED
from duban.acts.turning import RANKS
from duban.acts.urging import HOW as URGED
from duban.ledger import Actor, State
from duban.marks import is_secret
from duban.organization import Organization
from duban.portal.acts_table import DAY, FILE, NAMES, NUMBER, TICK, WANTED_DAY, Deed
from duban.portal.acts_words import FIELD_HELPS, label
from duban.regulation import Regulation, vocabulary
from duban.regulation.vocabulary import CARRIED_OUT

SEE_PAPER = "见纸质件"


@dataclass(frozen=True)
class About:
    """What the values of a field depend on."""

    state: State
    law: Regulation
    org: Organization
    actor: Actor


@dataclass(frozen=True)
class Field:
    """One field: `kind` of input (text, lines, date, number, select, yes, file), what may be chosen or is suggested."""

    name: str
    label: str
    kind: str
    help: str
    required: bool
    value: str
    options: Mapping[str, str]  # value -> words; of a select
    suggested: tuple[str, ...]


#: Fields for several lines.
LINES = (
    *("text", "reason", "done", "plan", "requirement", "findings", "causes", "measures", "opinion", "summary"),
    *("progress", "obstacle", "remedy", "next_plan", "ruling", "outcome"),
)
#: What an act cannot do without, whatever the regulation says.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "decline": ("reason",),
    "reply": ("file",),
    "period-report": ("progress", "carried_out"),
    "progress": ("text",),
    "account": ("text", "signed_by"),
    "case-account": ("case", "text", "signed_by"),
    "instruction": ("leader", "text", "on"),
    "withdrawal": ("reason", "approved_by"),
    "further-work": ("requirement",),
    "paper-reply": ("place",),
    "period-return": ("reason", "requirement"),
    "extension-objection": ("reason",),
    "urge": ("how", "text"),
    "tracking": ("how", "text"),
    "inspection": ("people", "on", "findings"),
    "visit": ("people", "place", "on", "partners"),
    "own-result": ("summary", "people"),
    "follow-up": ("party", "on", "how", "opinion", "consistent"),
    "praise": ("level", "reason"),
    "criticism": ("level", "reason"),
    "coordination": ("units", "ruling", "by", "on"),
    "leak": ("text", "person"),
    "accountability": ("ground", "reason"),
    "case-outcome": ("case", "outcome"),
    "leader-return": ("level", "reason", "requirement"),
}
#: What an extension has to say (延期·必备) -> its field.
EXTENSION = {
    "reason": "reason",
    "next_steps": "plan",
    "new_date": "until",
    "head_signature": "signed_by",
    "deputy_signature": "signed_by",
}

Options = Callable[[About], Mapping[str, str]]


def _levels(it: About) -> Mapping[str, str]:
    mine = [post for post in it.law.returns.levels if it.actor.post == "office" or post == it.actor.post]
    return {post: it.org.title(post) for post in mine}


def _named(levels: tuple[str, ...]) -> Options:
    def options(it: About) -> Mapping[str, str]:
        known = [one for one in levels if one in it.law.score_items or (one == levels[0] and it.law.laid_down("通报"))]
        return {one: vocabulary.SCORED_WORDS[one] for one in known}

    return options


def _units(it: About) -> Mapping[str, str]:
    return {code: unit.short for code, unit in it.org.units.items()}


def _urge_forms(it: About) -> Mapping[str, str]:
    forms = [form for form in URGED if not it.law.urge.forms or form in it.law.urge.forms]
    paper = it.law.urge.document is not None
    late = it.law.urge.before_due or (bool(it.state.rounds) and it.state.current.lapsed)
    return {form: URGED[form] for form in forms if form != "document" or (paper and late)}


def _cases(it: About) -> Mapping[str, str]:
    """Of a unit the cases in which it owes its account; of the office those that can be settled."""
    unit = it.actor.unit
    found = [
        case for case in it.state.cases if case.closed_at is None and (unit in case.owes if unit else not case.owes)
    ]
    grace = it.law.urge.grace or ""
    return {case.id: f"{CASE_WORDS.get(case.reason, case.reason).replace('{grace}', str(grace))}" for case in found}


def _reasons(it: About) -> Mapping[str, str]:
    return {reason: REASON_WORDS[reason] for reason in it.law.returns.reasons}


#: (act, field) or field -> the values that may be chosen.
OPTIONS: Mapping[tuple[str, str], Options] = {
    ("leader-return", "level"): _levels,
    ("period-return", "level"): _levels,
    ("leader-return", "reason"): _reasons,
    ("period-return", "reason"): _reasons,
    ("praise", "level"): _named(PRAISE),
    ("criticism", "level"): _named(CRITICISM),
    ("urge", "how"): _urge_forms,
    ("tracking", "how"): lambda _it: {word: word for word in ASKED},
    ("praise", "unit"): _units,
    ("criticism", "unit"): _units,
    ("accountability", "unit"): _units,
    ("accountability", "ground"): lambda it: {ground: ground for ground in it.law.grounds},
    ("case-account", "case"): _cases,
    ("case-outcome", "case"): _cases,
    ("period-report", "carried_out"): lambda _it: {word: word for word in CARRIED_OUT},
    ("progress", "carried_out"): lambda _it: {word: word for word in CARRIED_OUT},
    ("withdrawal", "approved_by"): lambda it: {name: name for name in _approvers(it)},
}


def _approvers(it: About) -> list[str]:
    heads = {it.law.sign_chain.desks[-1].post, it.law.close_chain.desks[-1].post}
    post = next((rank for rank in RANKS if rank in heads), "chief")
    return [holder.name for holder in it.org.holders((post, "chief"), it.state.unit)]


def _leaders(it: About) -> list[str]:
    return [holder.name for holder in it.org.holders("leader")]


def _signers(it: About) -> list[str]:
    held = it.org.unit_posts(it.state.unit)
    names = [
        [held[post].name] if post in held else [holder.name for holder in it.org.holders(post, it.state.unit)]
        for post in it.law.reply.signers
    ]
    return [name for some in names for name in some]


def _head(it: About) -> list[str]:
    return [it.org.unit(it.actor.unit or it.state.unit).head.name]


#: (act, field) -> names that are suggested; another may be written.
SUGGESTED: Mapping[tuple[str, str], Callable[[About], list[str]]] = {
    ("reply", "signed_by"): _signers,
    ("paper-reply", "signed_by"): _signers,
    ("extension", "signed_by"): _head,
    ("account", "signed_by"): _head,
    ("case-account", "signed_by"): _head,
    ("reading", "by"): _head,
    ("instruction", "leader"): _leaders,
    ("coordination", "by"): _leaders,
    ("follow-up", "how"): lambda _it: ["电话", "上门", "当面", "书面"],
    ("visit", "partners"): lambda it: ["、".join(it.state.form.get("partners", ()))],
}


def fields(key: str, deed: Deed, it: About, said: Mapping[str, str]) -> list[Field]:
    """Return the fields of an act's form, with what was said already."""
    return [_field(key, deed, name, kind, it, said) for name, kind in deed.fields.items() if _shown(key, name, it)]


def about(state: State, actor: Actor) -> About:
    """Return what the values depend on. Raises Refusal for a regulation or organization file that is gone."""
    return About(state, regulation.load(state.regulation), organization.load(state.organization), actor)


def _shown(key: str, name: str, it: About) -> bool:
    if name == "to_parts":
        return bool(it.state.parts)
    if (key, name) == ("criticism", "others"):
        return any("account_to_party" in item.then for item in it.law.score_items.values())
    return True


def _field(key: str, deed: Deed, name: str, kind: str, it: About, said: Mapping[str, str]) -> Field:
    options = OPTIONS[key, name](it) if (key, name) in OPTIONS else {}
    suggested = SUGGESTED[key, name](it) if (key, name) in SUGGESTED else []
    return Field(
        name=name,
        label=label(deed.name, name),
        kind=_input(key, name, kind),
        help=FIELD_HELPS.get((key, name), ""),
        required=name in REQUIRED.get(key, ()) or (key == "extension" and name in _of_extension(it)),
        value=said.get(name, _start(key, name, it, options)),
        options=options,
        suggested=tuple(one for one in suggested if one),
    )


def _of_extension(it: About) -> set[str]:
    wanted = {EXTENSION[part] for part in it.law.extension.requires if part in EXTENSION}
    return wanted | ({"until"} if it.law.extension.mode == "approve" else set())


def _start(key: str, name: str, it: About, options: Mapping[str, str]) -> str:
    """What a field starts with: of a state secret where its content is; the one value that there is."""
    if is_secret(it.state.mark) and name in LINES and (key, name) not in OPTIONS:
        return SEE_PAPER
    return next(iter(options)) if len(options) == 1 and name in REQUIRED.get(key, ()) else ""


_INPUTS = {DAY: "date", WANTED_DAY: "date", TICK: "yes", NUMBER: "number", FILE: "file", NAMES: "text"}


def _input(key: str, name: str, kind: str) -> str:
    if (key, name) in OPTIONS:
        return "select"
    return _INPUTS.get(kind) or ("lines" if name in LINES else "text")
