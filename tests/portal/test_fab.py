"""Signing in as in production: users of FAB, bound by their name to people of the organization file."""

import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import jwt
import psycopg
import pytest
from fab import TOKEN, Fab, sign_in
from psycopg import sql

from duban import acts, clock, ledger
from duban.ledger import rehearsal
from duban.orchestration.people import actor_of

pytestmark = pytest.mark.e2e

PASSWORD = secrets.token_hex(12)
ROLE = "督办台账"
FORM = {
    "type": "general",
    "title": "关于核查“安居小区”警情处置情况的督办",
    "source": 4,
    "instruction_by": "顾长风",
    "instruction_on": "2026-03-02",
    "instruction_text": "请核查，结果报我。",
    "requirement": "查清处置经过，书面报办公室。",
}
USERS = dict.fromkeys(("jingzhen.liaison", "taobei.liaison", "taonan.liaison", "yin.auditor", "passer.by"), ROLE)


@pytest.fixture(scope="module")
def fab(postgres_url: str, ledger_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fab]:
    """A server with a matter of 经侦支队 in its ledger, and the users above."""
    names = {"fab_airflow": "template1", "fab_ledger": ledger_template}
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name, template in names.items():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER duban TEMPLATE {}").format(*map(sql.Identifier, (name, template)))
            )
    owned = {name: postgres_url.replace("postgres@/postgres?", f"duban@/{name}?") for name in names}
    address = owned["fab_ledger"].replace("postgresql://", "postgresql+psycopg://")
    metadata = owned["fab_airflow"].replace("postgresql://", "postgresql+psycopg2://")
    with ledger.engine(address).begin() as connection:
        rehearsal.mark(connection, datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI))
    home = tmp_path_factory.mktemp("fab")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_LEDGER_URL", address)
        patch.setenv("DUBAN_FILES", str(home / "files"))
        for unit in ("经侦支队", "洮北分局"):
            acts.register({**FORM, "unit": unit}, actor_of("tian.clerk"), unit)
    with Fab(home, metadata, address).running() as server:
        with server.browser() as admin:
            sign_in(admin, "/auth/login/", "admin", server.admin_password)
            for user, role in {**USERS, "tian.clerk": "User"}.items():
                server.add(admin, user, role, PASSWORD)
        yield server
    ledger.dispose()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def browser(fab: Fab) -> Iterator[httpx.Client]:
    with fab.browser(**{"X-Forwarded-For": f"10.0.0.{secrets.randbelow(250)}"}) as opened:
        yield opened


def test_the_page_to_sign_in_is_chinese(browser: httpx.Client) -> None:
    form = browser.get("/duban/register/list?unit=jingzhen")
    assert form.url.path == "/auth/login/"
    assert "登录" in form.text
    assert "用户名" in form.text


def test_a_liaison_gets_back_to_the_page_and_sees_the_own_matters_only(browser: httpx.Client) -> None:
    page = sign_in(browser, "/duban/?from=link", "jingzhen.liaison", PASSWORD)
    assert (page.status_code, page.url.path, page.url.query) == (200, "/duban/", b"from=link")
    assert "祝明哲" in page.text
    found = browser.get("/duban/api/matters").json()
    assert [one["unit"] for one in found] == ["jingzhen"]
    others = browser.get("/duban/api/matters/BC-2026-0002")
    assert (others.status_code, others.json()["detail"]) == (
        404,
        "没有编号为 BC-2026-0002 的督办件，或它不是您单位的。",
    )


@pytest.mark.parametrize("path", ["dags", "dags/general_item/dagRuns", "connections", "variables", "plugins", "config"])
def test_airflow_itself_is_closed_to_a_liaison(browser: httpx.Client, path: str) -> None:
    sign_in(browser, "/duban/", "jingzhen.liaison", PASSWORD)
    assert browser.get(f"/api/v2/{path}").status_code == 403


def test_the_office_works_in_airflow_too(browser: httpx.Client) -> None:
    sign_in(browser, "/duban/", "tian.clerk", PASSWORD)
    assert browser.get("/api/v2/dags").status_code == 200
    assert len(browser.get("/duban/api/matters").json()) == 2
    assert browser.get("/api/v2/connections").status_code == 403


def test_an_auditor_sees_all_units(browser: httpx.Client) -> None:
    sign_in(browser, "/duban/", "yin.auditor", PASSWORD)
    assert {one["unit"] for one in browser.get("/duban/api/matters").json()} == {"jingzhen", "taobei"}
    assert browser.get("/api/v2/dags").status_code == 403


def test_who_is_not_on_the_roll_reads_one_sentence(browser: httpx.Client) -> None:
    page = sign_in(browser, "/duban/", "passer.by", PASSWORD)
    assert page.status_code == 403
    assert "机构文件里没有用户名“passer.by”" in page.text


def test_a_disabled_user_is_out(browser: httpx.Client, fab: Fab) -> None:
    sign_in(browser, "/duban/", "taonan.liaison", PASSWORD)
    assert browser.get("/duban/api/matters").status_code == 200
    address = fab.environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE ab_user SET active = false WHERE username = 'taonan.liaison'")
    time.sleep(1.2)  # for so long FAB remembers a user here
    assert browser.get("/duban/api/matters").status_code == 401
    assert browser.get("/duban/").url.path == "/auth/login/"
    again = sign_in(browser, "/duban/", "taonan.liaison", PASSWORD)
    assert again.url.path == "/auth/login/"


def token(fab: Fab, browser: httpx.Client, **changes: object) -> str:
    """The browser's own token, changed."""
    said = jwt.decode(browser.cookies["_token"], options={"verify_signature": False})
    return jwt.encode({**said, **changes}, fab.secret, jwt.get_unverified_header(browser.cookies["_token"])["alg"])


def test_a_sign_in_that_is_over_leads_back_to_the_page(browser: httpx.Client, fab: Fab) -> None:
    sign_in(browser, "/duban/", "jingzhen.liaison", PASSWORD)
    kept = browser.cookies["_token"]
    lasts = jwt.decode(kept, options={"verify_signature": False})
    assert lasts["exp"] - lasts["iat"] == pytest.approx(12 * 3600, abs=60)
    for bad in (token(fab, browser, exp=int(time.time()) - 60), f"{kept[:-4]}AAAA"):
        browser.cookies.clear()
        browser.cookies.set("_token", bad)
        assert browser.get("/duban/api/matters").status_code == 401
        page = sign_in(browser, "/duban/?from=notice", "jingzhen.liaison", PASSWORD)
        assert (page.status_code, str(page.url.copy_with(port=None, host="x"))) == (200, "http://x/duban/?from=notice")


def test_a_token_alone_that_is_over_is_made_anew_while_the_session_lasts(browser: httpx.Client, fab: Fab) -> None:
    sign_in(browser, "/duban/", "jingzhen.liaison", PASSWORD)
    del browser.cookies["_token"]
    # FAB asks for no password and forgets the page; both end at the same moment unless somebody takes the token away.
    browser.get("/duban/?from=notice")
    assert "_token" in browser.cookies
    assert browser.get("/duban/?from=notice").url.path == "/duban/"


def test_nobody_is_sent_to_another_site(browser: httpx.Client) -> None:
    form = "/auth/login/?next=http://elsewhere.example/"
    page = sign_in(browser, form, "jingzhen.liaison", PASSWORD)
    assert page.url.host == "localhost"


def test_wrong_passwords_end_in_a_pause_for_that_address_only(fab: Fab) -> None:
    with fab.browser(**{"X-Forwarded-For": "10.1.1.1"}) as guesser:
        said = [sign_in(guesser, "/duban/", "jingzhen.liaison", f"wrong{n}").status_code for n in range(12)]
        assert said[:9] == [200] * 9  # the form again
        assert said[-1] == 429
        assert sign_in(guesser, "/duban/", "jingzhen.liaison", PASSWORD).status_code == 429
    with fab.browser(**{"X-Forwarded-For": "10.1.1.2"}) as owner:
        assert sign_in(owner, "/duban/", "jingzhen.liaison", PASSWORD).url.path == "/duban/"


def test_behind_https_the_sign_in_is_for_https_only(fab: Fab) -> None:
    referer = fab.address.replace("http:", "https:")
    headers = {"X-Forwarded-For": "10.2.2.2", "X-Forwarded-Proto": "https", "Referer": referer}
    with fab.browser(**headers) as browser:
        browser.follow_redirects = False
        answer = sign_in(browser, "/auth/login/", "jingzhen.liaison", PASSWORD)
        [token] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("_token=")]
        assert {"Secure", "HttpOnly"} <= {part.strip() for part in token.split(";")}


def test_a_liaison_changes_the_own_password(browser: httpx.Client) -> None:
    sign_in(browser, "/duban/", "taobei.liaison", PASSWORD)
    form = browser.get("/auth/resetmypassword/form")
    assert form.url.path == "/auth/resetmypassword/form"
    found = TOKEN.search(form.text)
    assert found
    said = {"csrf_token": found[1], "password": f"{PASSWORD}2", "conf_password": f"{PASSWORD}2"}
    browser.post("/auth/resetmypassword/form", data=said)
    browser.cookies.clear()
    assert sign_in(browser, "/duban/", "taobei.liaison", PASSWORD).url.path == "/auth/login/"
    assert sign_in(browser, "/duban/", "taobei.liaison", f"{PASSWORD}2").url.path == "/duban/"


def test_the_settings_for_a_directory_are_such_as_fab_knows() -> None:
    from airflow.providers.fab.auth_manager.security_manager import override

    file = Path(__file__).parents[2] / "docker" / "webserver_config.py"
    text = file.read_text(encoding="utf-8")
    marked = [line[2:] for line in text.splitlines() if line.startswith("# AUTH_")]
    assert len(marked) > 10
    known = Path(override.__file__).read_text(encoding="utf-8")
    settings = {line.split(" = ")[0] for line in marked}
    assert [name for name in settings if f'"{name}"' not in known] == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_LDAP_PASSWORD", "x")
        said: dict[str, object] = {}
        exec(compile(text + "\n" + "\n".join(marked), str(file), "exec"), said)
    assert said["AUTH_TYPE"] == said["AUTH_LDAP"]
