"""The versions of one bureau's regulation: which of them is in force on a day.

A version names the one whose place it takes (替代) in its front matter; the earlier one then ends on the day on which
the later begins (MM 七: the trial version is void from that day). A matter keeps the version of its registration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from duban import included
from duban.clerk_yaml import Fault
from duban.errors import Refusal
from duban.regulation import loader, source
from duban.regulation.law import Regulation


@dataclass(frozen=True)
class Version:
    """What the front matter of a regulation file says about its place among the versions."""

    id: str
    replaces: str
    valid_from: date
    valid_to: date | None


def current(on: date) -> Regulation:
    """Return the version in force on a day, in the family of the regulation that `DUBAN_REGULATION` names.

    Only that version is read as a whole: a faulty draft of next year's stops nobody before it begins. Refusal for a day
    before the first version or after the last has ended, and for a family that does not hold together.
    """
    versions = chain(loader.chosen())
    for version in versions:
        if version.valid_from <= on and (version.valid_to is None or on < version.valid_to):
            return _whole(version)
    first, last = versions[0], versions[-1]
    if on < first.valid_from:
        raise Refusal(f"制度 {first.id} 自 {first.valid_from} 起施行，{on} 还没有制度可依，请核对日期")
    raise Refusal(f"制度 {last.id} 自 {last.valid_to} 起废止，{on} 没有施行中的制度，请添加新的制度文件并写明“替代”")


def family() -> tuple[Regulation, ...]:
    """Return every version of the regulation that `DUBAN_REGULATION` names, oldest first; Refusal as `current`."""
    return tuple(_whole(version) for version in chain(loader.chosen()))


def chain(name: str) -> tuple[Version, ...]:
    """Return the versions linked to the one with this id, oldest first, each ending where the next begins.

    Refusal for an unknown id; a version that replaces one that is not there, itself or one that another replaces
    already; and two versions of which one begins before, or some time after, the other ends.
    """
    heads = _heads()
    if name not in heads:
        raise Refusal(f"没有编号为“{name}”的制度，现有：{'、'.join(loader.available()) or '无'}")
    successors = _successors(heads)
    first, seen = heads[name], {name}
    while first.replaces:
        if first.replaces not in heads:
            raise Refusal(f"制度 {first.id} 写的“替代: {first.replaces}”不存在，请核对编号，或把旧制度的文件放回来")
        first = heads[first.replaces]
        if first.id in seen:
            raise Refusal(f"制度 {first.id} 与 {name} 互相替代，分不出先后，请改正“替代”")
        seen.add(first.id)
    versions = [first]
    while following := successors.get(versions[-1].id):
        if len(following) > 1:
            both = "、".join(version.id for version in following)
            raise Refusal(f"制度 {both} 都写着替代 {versions[-1].id}，同一天会有两个版本，请只留一个")
        versions.append(following[0])
    return tuple(_ended(version, later) for version, later in zip(versions, [*versions[1:], None], strict=True))


def check(file: Path) -> list[Fault]:
    """Return every fault of a regulation file and, where it lies among the others, of its place among its versions.

    None if it is sound. Refusal if it cannot be read at all.
    """
    found = loader.check(file)
    if found or file.resolve().parent != included.path("regulations").resolve():
        return found
    try:
        chain(file.stem)
    except Refusal as refusal:
        return [Fault(source.front(included.text(file)).line(("替代",)), str(refusal))]
    return []


def _ended(version: Version, later: Version | None) -> Version:
    if later is None:
        return version
    if later.valid_from <= version.valid_from:
        raise Refusal(f"制度 {later.id} 替代 {version.id}，施行日期却不比它晚，请核对两份文件的施行日期")
    if version.valid_to is not None and version.valid_to != later.valid_from:
        trouble = "两个版本同时有效" if version.valid_to > later.valid_from else "中间没有制度可依"
        raise Refusal(
            f"制度 {version.id} 自 {version.valid_to} 起废止，替代它的 {later.id} 自 {later.valid_from} 起施行，"
            f"{trouble}，请把两个日期改成同一天"
        )
    return replace(version, valid_to=later.valid_from)


def _successors(heads: Mapping[str, Version]) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for version in heads.values():
        if version.replaces:
            found.setdefault(version.replaces, []).append(version)
    return found


def _heads() -> dict[str, Version]:
    # A file with a faulty head is refused, not passed over: it may be the version that takes effect today.
    heads = {name: loader.head(name) for name in loader.available()}
    return {name: Version(name, said["replaces"], said["valid_from"], said["valid_to"]) for name, said in heads.items()}


def of_organization(organization: str) -> tuple[Regulation, ...]:
    """Return every regulation whose head names this organization (机构); Refusal for one with faults."""
    named = (name for name in loader.available() if loader.head(name)["organization"] == organization)
    return tuple(loader.load(name) for name in named)


def _whole(version: Version) -> Regulation:
    return replace(loader.load(version.id), valid_to=version.valid_to)
