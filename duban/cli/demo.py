"""`duban demo`: the whole procedure of a bureau on invented matters, in a rehearsal ledger of its own."""

import os
import shutil
import signal
import time
from pathlib import Path
from typing import Annotated

import typer

from duban import ledger, organization, regulation
from duban.cli import runs
from duban.demo import cast, periods
from duban.demo.play import Part, Play
from duban.demo.stories import START
from duban.embedded import accounts, launcher, places, postgres
from duban.embedded.bureau import Bureau
from duban.ledger.standing import STATES

DEFAULT = next(iter(cast.STORIES))


def demo(
    port: Annotated[int, typer.Option(help="网页端口；被占用时自动另选")] = 8080,
    stay: Annotated[bool, typer.Option(help="演完后留着，直到按 Ctrl-C")] = True,
    bureau: Annotated[str, typer.Option(help=f"哪个单位：{'、'.join(cast.STORIES)}")] = DEFAULT,
) -> None:
    """演练：一批虚构的督办件走遍一个单位的全部流程，演完给出一览表。

    例：duban demo --no-stay --bureau lanzhou
    """
    stories = cast.choose(bureau)
    home = places.var() / "demo"
    if home.exists():
        shutil.rmtree(home)  # a rehearsal begins anew; a real ledger is never in this directory
    home.mkdir(parents=True)
    os.environ["DUBAN_VAR"] = str(home)
    os.environ["DUBAN_REHEARSAL"] = "1"
    # SIGTERM ends the performance as Ctrl-C does: what was started below is taken down on the way out.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    typer.echo(f"{organization.load().name}，《{regulation.load().title}》")
    typer.echo("正在启动数据库和 Airflow，约需一分钟 …")
    os.environ["DUBAN_REHEARSAL_START"] = START.isoformat()
    with launcher.running(home, rehearsal=True, port=port, log=home / "up.log") as deployment:
        os.environ |= {"DUBAN_LEDGER_URL": postgres.address(home), "DUBAN_FILES": str(home / "files")}
        began = time.monotonic()
        people = Bureau(home)
        parts = cast.enter(people, stories, runs.start)
        typer.echo(f"登记了 {len(parts)} 件，流程已启动。")
        Play(people, parts, typer.echo).run()
        made = periods.perform(people, typer.echo)
        people.close()
        numbers = [*(number for part in parts for number in family(part.number)), *made]
        out = save_documents(numbers, home / "documents")
        typer.echo(f"\n演完了，用时 {time.monotonic() - began:.0f} 秒。\n")
        typer.echo(table(parts))
        typer.echo(where(deployment.base_url, home, out))
        typer.echo("按 Ctrl-C 结束，启动的一切随之停止。" if stay else "启动的一切现在停止。")
        while stay:
            signal.pause()


def family(number: str) -> list[str]:
    """A matter and the parts into which it was divided."""
    with ledger.transaction() as session:
        return [number, *(part.number for part in ledger.state(session, number).parts)]


def save_documents(numbers: list[str], out: Path) -> Path:
    """Write every document of the matters where they can be opened; the second of one name gets its place."""
    out.mkdir(parents=True, exist_ok=True)
    with ledger.transaction() as session:
        for number in numbers:
            for place, paper in enumerate(ledger.state(session, number).documents, start=1):
                name = f"{number} {paper.name.removeprefix(number + ' ')}"
                target = out / name if not (out / name).exists() else out / f"{number} {place:02d} {paper.name}"
                target.write_bytes(ledger.fetch_file(paper.sha256))
    return out


def table(parts: tuple[Part, ...]) -> str:
    """The matters as they ended, the parts of a divided one below it."""
    return "\n".join(
        row(number, part.story.name if number == part.number else "　└ 分办件")
        for part in parts
        for number in family(part.number)
    )


def row(number: str, story: str) -> str:
    """One matter as it ended."""
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    law, org = regulation.load(state.regulation), organization.load()
    late = sum(1 for one in state.rounds if one.lapsed)
    kind = law.types[state.type].name
    return (
        f"{number}  {STATES[state.state]}  轮次 {state.round}  逾期 {late}  文书 {len(state.documents):2}  "
        f"问责 {len(state.cases)}  {kind}  {org.unit(state.unit).short}：{story}"
    )


def where(base_url: str, home: Path, out: Path) -> str:
    """Where to look: the browser, who to be, the documents."""
    org, passwords = organization.load(), accounts.passwords(home)
    users = [holder.user for holder in org.holders(("office", "director", "deputy", "chief"))]
    signs = "\n".join(
        f"  {org.person(user).title} {org.person(user).name}：{user} / {passwords[user]}" for user in users
    )
    return (
        f"\n全部文书：{out}\n浏览器：{base_url}（每类事项一个流程，各次运行以督办件编号为名）\n{signs}\n"
        f"其余人员的口令在 {accounts.file(home)}。\n"
        f"命令行：DUBAN_REGULATION={regulation.chosen()} DUBAN_REHEARSAL=1 DUBAN_VAR={home} duban items"
    )
