"""The reference page of the rule shapes (`docs/rule-shapes.md`), made from the shapes so that it cannot lag."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator

from duban.regulation import vocabulary
from duban.regulation.rules import RULES, Rule
from duban.regulation.shape import Shape
from duban.regulation.values import Word

_ENTRIES: Mapping[str, str] = {
    "来源": "序号，从 1 起",
    "回复内容": "报告里这一部分的名称",
    "通知单": "、".join(vocabulary.NOTICES),
    "督办方式": "、".join(vocabulary.MODES),
    "上报": "、".join(vocabulary.UPWARD_CASES),
    "事项类型": "、".join(vocabulary.TYPES),
    "计分": "、".join(vocabulary.SCORED_EVENTS),
    "按率计分": "、".join(vocabulary.RATES) + "（按期回复率：到期的里面按期报来的；一次通过率：审核的里面没有退回的；"
    "按期领收率：领收的里面没有超时的）",
    "追责情形": "情形的名称",
}
_INTRODUCTION = """# 规则的写法

制度文件里“规则”块能写什么，全在这一页；写了别的，`duban regulation check` 会指出第几行。
本页由 `duban regulation shapes` 生成，不要手改。

- 表中“英文名”是程序里的名称；“必填”指写了这条规则就必须写的键。
- 标“逐项”的规则是一张表，可以分写在几条下面，每一项只能规定一次；其余规则整部制度只能写一处。
- 必须有的规则：{required}。没有写的规则就是制度没有规定，系统不替它补。
- 数字一律用阿拉伯数字并带单位。“日”是自然日还是工作日，由“计期”规则说明。
- 岗位：{posts}。
- 后果：{consequences}。
"""


def page() -> str:
    """Return the page as Markdown, in Chinese, ending with a newline."""
    parts = [
        _INTRODUCTION.format(
            required="、".join(key for key, rule in RULES.items() if rule.required),
            posts="、".join(vocabulary.POSTS),
            consequences="、".join(vocabulary.CONSEQUENCES),
        )
    ]
    parts += ["\n".join(_section(key, rule)) for key, rule in RULES.items()]
    return "\n".join(parts) + "\n"


def _section(key: str, rule: Rule) -> Iterator[str]:
    yield f"## {key}（`law.{rule.field}`{'，逐项' if rule.entry else ''}{'，必须有' if rule.required else ''}）"
    yield ""
    if rule.entry:
        yield f"每一项的名称：{_ENTRIES[key]}。"
        yield ""
    yield from _table(rule.shape)
    for name, nested in _nested(rule.shape):
        yield f"“{name}”里："
        yield ""
        yield from _table(nested)


def _table(shape: type[Shape]) -> Iterator[str]:
    yield "| 键 | 英文名 | 必填 | 写法 |"
    yield "|---|---|---|---|"
    for name, hint in _hints(shape).items():
        known = shape.model_fields[name]
        yield f"| {known.alias} | `{name}` | {'是' if known.is_required() else ''} | {_way(hint)} |"
    yield ""


def _hints(shape: type[Shape]) -> dict[str, Any]:
    hints = get_type_hints(shape, include_extras=True)
    return {name: hints[name] for name in shape.model_fields if name != "basis"}


def _nested(shape: type[Shape]) -> Iterator[tuple[str, type[Shape]]]:
    for name, hint in _hints(shape).items():
        for inner in _inside(hint):
            # These have a spelling of their own (- 岗位: 做什么), told where they are used.
            if isinstance(inner, type) and issubclass(inner, Shape) and inner.__name__ not in ("Desk", "Corner"):
                yield str(shape.model_fields[name].alias), inner


def _inside(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from _inside(inner)


def _way(hint: Any) -> str:
    """Return in words how a value of this type is written."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        said = [extra for extra in parts[1:] if isinstance(extra, str)]
        words = [
            extra.func for extra in parts[1:] if isinstance(extra, BeforeValidator) and isinstance(extra.func, Word)
        ]
        if said:
            return said[0]
        return "、".join(words[0].words) if words else _way(parts[0])
    if origin in (Union, UnionType):
        return _way(parts[0])
    if origin is tuple:
        return f"列表：[{_way(parts[0])}, …]"
    if origin is dict:
        return f"逐项：{{{_way(parts[0])}}}: {_way(parts[1])}"
    return "见下表" if isinstance(hint, type) and issubclass(hint, Shape) else "文字"
