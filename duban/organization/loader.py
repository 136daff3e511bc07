"""Organization files: found, read, and handed out as `Organization`."""

import os
from pathlib import Path

from duban import clerk_yaml, included
from duban.clerk_yaml import Fault
from duban.errors import Refusal
from duban.organization.bureau import Organization
from duban.organization.file import parse
from duban.organization.fitting import lacking
from duban.regulation import loader as regulations
from duban.regulation import versions

DEFAULT = "baicheng"

#: By include folder and id: where it stands, when that was written, what it says. Asked for at every event.
_found: dict[tuple[str | None, str], tuple[str, int, Organization]] = {}


def chosen() -> str:
    """Return the id that `DUBAN_ORGANIZATION` names, else the one in the head of the regulation that is chosen.

    The head (机构) is asked only when `DUBAN_REGULATION` names a regulation; without either it is baicheng.
    """
    named = os.environ.get("DUBAN_ORGANIZATION")
    if named or not os.environ.get("DUBAN_REGULATION"):
        return named or DEFAULT
    return regulations.head(regulations.chosen())["organization"] or DEFAULT


def load(organization: str | None = None) -> Organization:
    """Return the bureau with this id (default: `chosen()`) from `include/organizations`.

    Kept in memory until the file changes. Refusal if there is no such file or it has faults (the first is told).
    """
    name = organization or chosen()
    if (known := _found.get((os.environ.get("DUBAN_INCLUDE"), name))) is not None and included.unchanged(*known[:2]):
        return known[2]
    file = included.path("organizations", f"{name}.yaml")
    if name != Path(name).name or not file.is_file():
        raise Refusal(f"没有编号为“{name}”的机构文件，请在 include/organizations 下添加 {name}.yaml")
    stamp = file.stat().st_mtime_ns
    org, faults = parse(file.read_text(encoding="utf-8"), name)
    if org is None:
        more = f"，另有{len(faults) - 1}处" if len(faults) > 1 else ""
        raise Refusal(f"机构文件 {file.name} 有误，{faults[0]}{more}")
    _found[os.environ.get("DUBAN_INCLUDE"), name] = (str(file), stamp, org)
    return org


def check(file: Path) -> list[Fault]:
    """Return every fault of an organization file, none if it is sound. Refusal if it cannot be read at all.

    Also what the regulations that name this organization (机构) ask of it and that it lacks.
    """
    text = included.text(file)
    org, faults = parse(text, file.stem)
    if org is None:
        return faults
    marked = clerk_yaml.read(text)
    for law in versions.of_organization(org.id):
        faults += parse(text, file.stem, law.duty)[1]
        faults += [Fault(marked.line((key,)), told) for key, told in lacking(org, law)]
    return sorted(set(faults))
