"""`duban archive`: the papers of a year, numbered, listed and packed (BC-5.9)."""

from pathlib import Path
from typing import Annotated

import typer

from duban import archive as archives
from duban import ledger, organization
from duban.archive import Package
from duban.errors import Refusal

#: Matters with papers missing that are named on the screen; the page of the package names all.
SHOWN = 10


def archive(
    year: Annotated[int | None, typer.Option(help="归档哪一年办结（撤销）的，例如 2026", min=2000, max=2999)] = None,
    out: Annotated[Path | None, typer.Option(help="归档包放在哪个文件夹", file_okay=False)] = None,
    unit: Annotated[str, typer.Option(help="只做这个单位的归档包（代号、简称或全称）；不填为办公室和全部单位")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="只看要归档什么、缺什么，不编档号，不写任何东西")] = False,
    pages: Annotated[bool, typer.Option("--pages", help="用 LibreOffice 数出系统所制文书的页数（较慢）")] = False,
    verify: Annotated[Path | None, typer.Option(help="核对做好的归档包（文件夹），不归档", file_okay=False)] = None,
) -> None:
    """年底归档：给当年办结、撤销的督办件和印发的期刊编档号，做成办公室和各单位的归档包。

    列入归档的督办件不能再登记新批示或续办，先用 --preview 看一遍。中断后再运行一次即可，档号不会重复。
    每个归档包里的 index.html 用浏览器打开就能看。

    例：duban archive --year 2026 --out 归档
    """
    if verify is not None:
        _verify(verify)
        return
    if year is None:
        raise typer.BadParameter("请写明年度，例如 --year 2026。", param_hint="--year")
    org = organization.load()
    if preview:
        with ledger.transaction() as session:
            _preview(archives.collect(session, year, org))
        return
    if out is None:
        raise typer.BadParameter("请写明放在哪个文件夹，例如 --out 归档。", param_hint="--out")
    code = org.unit(unit).code if unit else ""
    with ledger.transaction() as session:
        before = archives.collect(session, year, org)
    entered = archives.enter(year, org)
    _told(year, entered, before)
    for package in archives.pack(year, out, [code] if code else None, org, pages=pages):
        typer.echo(_line(package, org.unit(package.unit).short if package.unit else org.office))


def _told(year: int, entered: archives.Entered, before: archives.Collected) -> None:
    earlier = f"，此前已列入{len(before.archived)}个" if before.archived else ""
    new = f"新列入{entered.matters}个督办件（期刊），共{entered.pieces}件" if entered.matters else "没有新列入的"
    typer.echo(f"{year}年度归档：{new}{earlier}；结转下年{len(before.carried)}个。")
    if not before.over:
        typer.echo("  本年还没有过完：以后办结的，再运行一次就补进来。")
    _missing(before)


def _preview(found: archives.Collected) -> None:
    typer.echo(
        f"{found.year}年度：待归档{len(found.waiting)}个督办件（期刊），共{found.pieces}件；已归档{len(found.archived)}个。"
    )
    for number in found.waiting:
        typer.echo(f"  {number}")
    typer.echo(f"结转下年{len(found.carried)}个。")
    for one in found.carried:
        typer.echo(f"  {one.number} {one.reference} {one.title}（{one.state}）")
    _missing(found)


def _missing(found: archives.Collected) -> None:
    for number, words in list(found.missing.items())[:SHOWN]:
        typer.echo(f"  {number} 缺少：{'、'.join(words)}")
    if (more := len(found.missing) - SHOWN) > 0:
        typer.echo(f"  另有{more}个缺少材料，见归档包的 index.html。")


def _line(package: Package, whose: str) -> str:
    how = "已做好" if package.made else "此前已经做好，核对无误"
    mark = f"，密级 {package.mark}" if package.mark else ""
    former = f"；原来的改名为 {package.former}" if package.former else ""
    return f"{whose}的归档包{how}：{package.path}（{package.pieces}件，{package.files}个文件{mark}）{former}"


def _verify(place: Path) -> None:
    inside = sorted(one.parent for one in place.glob("[!.]*/bagit.txt"))  # not what was not finished
    packages = [place] if (place / "bagit.txt").is_file() else inside
    if not packages:
        raise Refusal(f"{place} 里没有归档包，请指明归档包的文件夹。")
    faulty = 0
    for package in packages:
        faults = archives.check(package)
        faulty += bool(faults)
        for fault in faults:
            typer.echo(f"{package.name}：{fault}", err=True)
        if not faults:
            typer.echo(f"{package.name} 完好。")
    if faulty:
        raise Refusal(f"{faulty}个归档包与做好时不符（见上），请查明原因。")
