"""What every rule shape has in common: frozen, no unknown keys, and its basis."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from duban.clerk_yaml import NOT_EMPTY
from duban.regulation.values import SILENT, Basis, Post


class Shape(BaseModel):
    """A rule, or a part of one, as a regulation file lays it down. `basis` is the clause it stands under."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    basis: Basis = Field(default=SILENT, alias="依据条款")

    @model_validator(mode="before")
    @classmethod
    def _stand_on_the_clause(cls, data: Any, info: ValidationInfo) -> Any:
        # The clause comes from where the block stands in the file; it is never typed a second time.
        if not isinstance(data, dict):
            return data
        if "依据条款" in data:
            raise ValueError("“依据条款”不用写，规则所在的条就是依据")
        return {**data, "依据条款": info.context} if isinstance(info.context, Basis) else data

    @classmethod
    def silent(cls) -> Self:
        """Return the rule of a regulation that does not lay it down: limits None, lists empty, switches off."""
        unset = {name: None for name, known in cls.model_fields.items() if known.is_required()}
        return cls.model_construct(None, **unset)


class Desk(Shape):
    """A post at which a paper waits, and what is done there: 办公室主任 文字审核."""

    post: Post = Field(alias="岗位")
    act: str = Field(alias="事项")


def _one_pair(value: object) -> object:
    """Let `- 办公室主任: 文字审核` stand for a desk: that is how the office says it."""
    if isinstance(value, dict) and len(value) == 1 and "岗位" not in value:
        ((post, act),) = value.items()
        return {"岗位": post, "事项": act}
    raise ValueError("请写成“- 办公室主任: 文字审核”（岗位: 做什么）")


Desks = Annotated[
    tuple[Annotated[Desk, BeforeValidator(_one_pair)], ...],
    NOT_EMPTY,
    "列表，每项写“- 岗位: 做什么”，按先后次序",
]
