"""A matter is handed over: registered once for its key, and its run started; and what its form asks, type by type."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Request

from duban import acts, clock, ledger, organization, regulation
from duban.acts.form import FIELDS, checked
from duban.acts.form_fields import DATE, LABELS, TICK, Field, fields_of
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.orchestration.matters import MATTER_TYPES, dag_of
from duban.portal import airflow_side
from duban.portal.rest.described import refusals
from duban.portal.rest.models import Registered
from duban.portal.signed_in import Signed, in_ledger
from duban.text import required

router = APIRouter(prefix="/api", tags=["立项"])

OURS = "oa/"
LONGEST_KEY = 100
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "title": "立项登记表",
                "description": "各类型要填哪些，见 GET /forms/{type}。",
                "properties": {name: {"title": LABELS.get(name, name)} for name in FIELDS}
                | {
                    "type": {"title": "督办类型", "enum": list(MATTER_TYPES.values())},
                    "key": {"title": "幂等键", "type": "string", "maxLength": LONGEST_KEY},
                },
                "required": ["type"],
                "additionalProperties": False,
            }
        }
    },
}


@router.post(
    "/matters",
    status_code=201,
    response_model=Registered,
    responses=refusals(writes=True),
    openapi_extra={"requestBody": BODY},
    summary="立项登记",
)
async def register(
    request: Request,
    actor: Signed,
    idempotency_key: Annotated[str, Header(title="幂等键", description="也可以写在 key 一项里。")] = "",
) -> Any:
    """Register a matter and start its run. The same key of the same person is the same matter, however often sent."""
    form = await _form(request)
    key = await in_ledger(_key, actor, idempotency_key or form.pop("key", ""), refused=400)
    form.pop("key", None)
    known = await in_ledger(_known, key)
    if known is None:
        await airflow_side.refuse_unready(request, dag_of(form["type"]))
        state = await in_ledger(acts.register, form, actor, key, refused=400)
    else:
        state = known
    # Also of one just registered: two requests with one key may have come at once.
    await in_ledger(_refuse_another, state, form)
    why = None if state.ended else await airflow_side.start(request, state)
    told = {name: getattr(state, name) for name in ("number", "reference", "state", "due_on")}
    return told | {"repeated": known is not None, "started": why is None, "note": why or ""}


async def _form(request: Request) -> dict[str, Any]:
    try:
        form = json.loads(await request.body())
    except (ValueError, RecursionError):
        form = None
    if not isinstance(form, dict):
        raise HTTPException(400, "提交的内容不是有效的 JSON 对象，请检查后再试。")
    if form.get("type") not in MATTER_TYPES.values():
        raise HTTPException(400, f"“type”（督办类型）不对，可用：{'、'.join(MATTER_TYPES.values())}。")
    return form


def _key(actor: Actor, said: object) -> str:
    key = required(said, "幂等键（Idempotency-Key 或 key）", LONGEST_KEY)
    return f"{OURS}{actor.user}/{key}"


def own_key(run_key: str, actor: Actor) -> str | None:
    """Return the key that this person gave when registering here; None for what was registered otherwise."""
    mine = f"{OURS}{actor.user}/"
    return run_key.removeprefix(mine) if run_key.startswith(mine) else None


def _known(key: str) -> State | None:
    with ledger.transaction() as session:
        number = ledger.number_of_run(session, key)
        return ledger.state(session, number) if number else None


def _refuse_another(known: State, form: dict[str, Any]) -> None:
    """Refuse a key that was used for another matter: whoever sends it has mixed something up.

    What is sent is read as it was when the matter was registered, by its regulation, and compared with what was
    entered then, whatever has become of the matter since.
    """
    with ledger.transaction() as session:
        (entered,) = ledger.events(session, known.number, "registered")
    was, used = entered.data["form"], f"这个幂等键已用于 {known.number}"
    law, org = regulation.load(known.regulation), organization.load()
    if form.get("type") != was["type"]:
        raise Refusal(f"{used}，“督办类型”不同；另一件请换一个键。")
    try:
        said = checked(form, law, org, entered.at.astimezone(clock.SHANGHAI), before=was)
    except Refusal as refusal:
        raise Refusal(f"{used}，这次的内容与那时不同：{refusal}另一件请换一个键。") from refusal
    if differs := [name for name in said if said[name] != was.get(name)]:
        asked = fields_of(was["type"], law, org)
        labels = [asked[name].label if name in asked else LABELS.get(name, name) for name in differs]
        raise Refusal(f"{used}，“{'、'.join(labels)}”不同；另一件请换一个键。")


@router.get(
    "/forms/{type}",
    response_model=dict[str, Any],
    responses=refusals(404),
    summary="一个类型的立项登记表（JSON Schema）",
)
async def form(type: str, _actor: Signed) -> Any:
    """Return what the form of a type asks under the regulation in force, as a JSON Schema."""
    if type not in MATTER_TYPES.values():
        raise HTTPException(404, f"没有这个督办类型，可用：{'、'.join(MATTER_TYPES.values())}。")
    return await in_ledger(_schema, type, refused=404)


def _schema(type_id: str) -> dict[str, Any]:
    with ledger.transaction() as session:
        now = clock.now(session)
    law = regulation.current(now.date())
    if type_id not in law.types:
        raise Refusal(f"《{law.title}》没有这个督办类型，可用：{'、'.join(law.types)}。")
    asked = fields_of(type_id, law, organization.load())
    return {
        "type": "object",
        "title": f"立项登记表（{law.types[type_id].name}）",
        "properties": {"type": {"const": type_id}} | {one.name: _property(one) for one in asked.values()},
        "required": ["type", *(one.name for one in asked.values() if one.wanted)],
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": "boolean"} if field.kind == TICK else {"type": "string"}
    if field.kind == DATE:
        kind["format"] = "date"
    if field.choices:
        kind["oneOf"] = [{"const": code, "title": word} for code, word in field.choices.items()]
    if field.most:
        kind["maxLength"] = field.most
    clauses = "、".join(basis.clause for basis in field.bases)
    return kind | {"title": field.label, "description": field.help + (f"（{clauses}）" if clauses else "")}
