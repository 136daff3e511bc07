"""The description of the interface (OpenAPI 3.1), and how a request that does not fit it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse

from duban.portal.rest.models import Refused
from duban.portal.signed_in import Signed

router = APIRouter(prefix="/api", tags=["说明"])

ABOUT = (
    "网页上能办的，用这个接口都能办，规则相同：登记督办件、领收、回复、审批、查询、取结果。每个请求都以登录人的身份办理，"
    "看得到什么、能办什么，与本人在网页上一样。没有办成的，“detail”里是一句话的原因，什么都没有记入"
    "（503 可能已经记入，见该状态的说明）。"
)

WORDS: dict[int, str] = {
    400: "填写有误：提交的内容不完整、格式不对或有不认识的项目。",
    401: "没有登录，或令牌已过期。",
    403: "没有权限：不在名册上、不是这一岗位的事，或请求来自别的网站。",
    404: "没有这一件，或它不是您单位的（两种情况答复相同）。",
    409: "按制度或现状不能这样办；什么都没有记入。",
    411: "请求没有写明长度（Content-Length）。",
    413: "提交的内容太大。",
    503: "数据库暂时没有应答；提交的可能已经记入，请先查询，没有记入再原样提交，不会重复记账。",
}
"""Status -> when it comes."""
ALWAYS = (400, 401, 403, 503)
"""What any operation may answer; what writes may also answer 409, 411, 413."""
WRITING = (409, 411, 413)


def refusals(*statuses: int, writes: bool = False) -> dict[int | str, dict[str, Any]]:
    """Return the refusals of an operation as FastAPI takes them."""
    known = sorted({*ALWAYS, *statuses, *(WRITING if writes else ())})
    return {status: {"model": Refused, "description": WORDS[status]} for status in known}


@router.get("/openapi.json", summary="本接口的说明（OpenAPI 3.1）", response_model=dict[str, Any], responses=refusals())
async def description(request: Request, _actor: Signed) -> dict[str, Any]:
    """Return this description; for people on the roll only."""
    return described(request.app)


def described(app: FastAPI) -> dict[str, Any]:
    """Return the description of everything below ``/api``."""
    if app.openapi_schema is None:
        rest = [route for route in app.routes if getattr(route, "path", "").startswith("/api/")]
        found = get_openapi(
            title="督办台账接口",
            version="1",
            description=ABOUT,
            routes=rest,
            servers=[{"url": "/duban"}],
        )
        app.openapi_schema = _tidied(found)
    return app.openapi_schema


def _tidied(found: dict[str, Any]) -> dict[str, Any]:
    """Say how one signs in, and leave out the answer 422, which nobody gets here."""
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    found["components"]["securitySchemes"] = {
        "令牌": {"type": "http", "scheme": "bearer", "description": "Airflow 的令牌（POST /auth/token）。"},
        "会话": {"type": "apiKey", "in": "cookie", "name": "_token", "description": "浏览器登录后的会话。"},
    }
    found["security"] = [{"令牌": []}, {"会话": []}]
    return found


async def misfit(_request: Request, wrong: Exception) -> JSONResponse:
    """Refuse what does not fit the description, naming the first thing that is wrong."""
    assert isinstance(wrong, RequestValidationError)
    return JSONResponse({"detail": _sentence(wrong.errors()[0])}, 400)


def _sentence(first: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in first["loc"][1:])[:60]
    if first["type"] == "json_invalid":
        return "提交的内容不是有效的 JSON，请检查后再试。"
    if first["type"] == "missing":
        return f"缺少“{name or '内容'}”，请补充后再提交。"
    if first["type"] == "extra_forbidden":
        return f"不认识“{name}”这一项，请对照接口说明改正。"
    return f"“{name or '内容'}”格式不对，请对照接口说明改正后再提交。"
