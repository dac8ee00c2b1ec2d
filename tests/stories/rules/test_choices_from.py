"""A question's choices come from another program: people choose among what it gave last, and nobody waits for it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from storage.models import form
from tests.loopback import listen
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.capabilities import Capability, needs
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import admin, applies, goes, ruled

SITES: list[Any] = [
    {"value": "kyiv-1", "label": {"en": "Kyiv office", "uk": "Офіс у Києві"}},
    {"value": "lviv-1", "label": {"en": "Lviv office", "uk": "Офіс у Львові"}},
]
MANY = [f"Branch {n:03} {'Kharkiv' if n % 2 else 'Lviv'}" for n in range(130)]
NAMES = {"en": ("Kyiv office", "Lviv office"), "uk": ("Офіс у Києві", "Офіс у Львові")}


@dataclass(slots=True)
class Erp:
    """Another program that knows the sites."""

    offers: Any = field(default_factory=lambda: list(SITES))
    status: int = 200
    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)  # the headers of each call, and its path

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}/sites.json"

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Give the list."""
        self.asked.append({**{name.lower(): value for name, value in request.headers.items()}, "path": request.path_qs})
        moved = {"Location": "/elsewhere"} if self.status == 302 else {}
        return web.Response(text=json.dumps(self.offers), status=self.status, headers=moved)


@pytest.fixture
def house(request: pytest.FixtureRequest, erp: Erp) -> House:
    """A desk whose operator lets it call this machine, and has a token for it; forms are asked step by step, or in a window."""
    called = {"private_hosts": ("127.0.0.1",), "choices_tokens": f"127.0.0.1:{erp.port}=s3cr3t"}
    return House(settings=called, windows="window" in request.node.name)


@pytest.fixture
async def erp() -> AsyncIterator[Erp]:
    """Another program on this machine."""
    found = Erp()
    found.port, end = await listen(found.answer)
    yield found
    await end()


def of_site(erp: Erp) -> dict[str, Any]:
    """Return request types with one that asks for a site."""
    asked = {
        "name": "site",
        "kind": "choice",
        "label": {"en": "Which site?", "uk": "Який майданчик?"},
        "choices_from": {"url": erp.url, "every": "30m"},
    }
    told = {"name": "details", "kind": "long_text", "label": {"en": "What happened?", "uk": "Що сталося?"}}
    return {"site": {"kind": "incident", "title": {"en": "Site", "uk": "Майданчик"}, "fields": [asked, told]}}


async def with_sites(desk: Desk, bob: Somebody, erp: Erp) -> None:
    """Bob, an admin, has named the program in the rules."""
    await admin(desk, bob)
    await ruled(desk, types=of_site(erp))
    await bob.says("/help")  # whatever is said next lets the desk read the new rules
    await desk.passes(minutes=1)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_site_is_chosen_and_one_that_is_gone_is_asked_anew(desk: Desk, erp: Erp, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob")
    kyiv, lviv = NAMES[language]
    await with_sites(desk, bob, erp)
    await bob.catches_up()
    assert [(call["authorization"], call["path"]) for call in erp.asked] == [("Bearer s3cr3t", "/sites.json")]
    await ann.says("/new")
    card = await ann.sees()
    assert {kyiv, lviv} <= set(card.buttons)
    await ann.says(lviv.lower())
    await ann.says("The lift stands still")
    await ann.sees(said_in(language, "form.review"), lviv)
    erp.offers = [SITES[0], {"value": "odesa-1", "label": "Odesa"}]
    await desk.passes(minutes=31)
    await ann.presses(said_in(language, "form.submit"))
    card = await ann.sees(said_in(language, "form.wrong.gone", choice=lviv))
    assert {kyiv, "Odesa"} <= set(card.buttons)
    assert lviv not in card.buttons
    await ann.presses("Odesa")
    await ann.sees(said_in(language, "form.review"), "Odesa", "The lift stands still")
    await ann.presses(said_in(language, "form.submit"))
    await ann.catches_up()
    await ann.reads(said_in(language, "request.registered", ticket=1))
    await bob.sees("#1", "Odesa", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    erp.offers = ["Poltava", "Odesa"]  # and what is chosen later is called by its name too
    await desk.passes(minutes=31)
    for one, at in ((ann, None), (bob, QUEUE), (bob, THREAD(1))):
        await one.catches_up(at=at)
    await ann.says("/status 1")
    await ann.catches_up()
    await ann.presses(said_in(language, "amend.button"))
    line = next(each for each in reversed(desk.stage.lines(ann.native, None)) if each.buttons)
    label = {"en": "Which site", "uk": "Який майд"}[language]
    await ann.presses(next(each for each in line.buttons if label[:6] in each))
    await ann.catches_up()
    await ann.presses("Poltava")
    await ann.catches_up()
    await bob.sees("Odesa → Poltava", at=THREAD(1))
    await bob.sees("#1", "Poltava", at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_what_the_team_has_chosen_stays_in_a_window_when_it_is_offered_no_more(desk: Desk, erp: Erp):
    ann, bob = desk.requester("Ann"), desk.agent("Bob")
    await with_sites(desk, bob, erp)
    kind = of_site(erp)["site"]
    plant = {**kind["fields"][0], "name": "plant", "label": "Which plant?", "by": "agent", "required": False}
    await ruled(desk, types={"site": {**kind, "fields": [*kind["fields"], plant]}})
    await ann.says("/new")
    await ann.fills(site="Lviv office", details="The lift stands still")
    await bob.sees("#1", at=QUEUE)

    async def looks(**answers: Any) -> None:
        """Bob opens the details, answers one of them where he does, and submits."""
        await bob.catches_up()
        await bob.says("/details 1")
        await desk.settles()
        if desk.stage.window(bob.native) is not None:
            await bob.fills(**answers)
        else:
            for answer in answers.values():
                await bob.presses(said_in("en", "form.change", field="Which plant?"), on=await bob.sees())
                await bob.presses(answer, on=await bob.sees())
            await bob.presses(said_in("en", "form.submit"), on=await bob.sees())
        await bob.catches_up()

    async def kept() -> str:
        return await desk.records(lambda tx: str(tx.tickets.get(1).answers.get("site.plant")))

    await bob.presses("Claim", at=QUEUE)
    await looks(plant="Kyiv office")
    assert await kept() == "kyiv-1"
    for offers in (["Poltava", "Odesa"], MANY, [*MANY[:99], "Odesa"]):
        erp.offers = offers
        await desk.passes(minutes=31)
        await looks()
        assert await kept() == "kyiv-1"
    forms = await desk.records(lambda tx: list(tx.connection.scalars(select(form.c.data))))
    assert "kyiv-1" not in str([each for each in forms if each["name"] == "details"][-1])  # it might be words
    erp.offers = ["Poltava", "Odesa"]
    await desk.passes(minutes=31)
    await looks(plant="Odesa")
    assert await kept() == "Odesa"
    for at in (QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_one_of_very_many_is_found_by_letters_and_the_last_list_serves_while_the_source_is_down(
    desk: Desk, ann: Somebody, erp: Erp
):
    bob = desk.agent("Bob")
    erp.status = 302
    await with_sites(desk, bob, erp)
    assert {call["path"] for call in erp.asked} == {"/sites.json"}  # it follows nobody
    await bob.sees(said_in("en", "alarm.choices_none", name="127.0.0.1", why="status 302"))
    await bob.catches_up()
    await ann.says("/new")
    await ann.sees(said_in("en", "form.no_list"))
    await ann.presses(said_in("en", "form.cancel"))
    await ann.catches_up()
    erp.status, erp.offers = 200, MANY
    await desk.passes(minutes=6)
    await bob.sees(said_in("en", "alarm.choices_well", name="127.0.0.1"))
    erp.status = 503
    await desk.passes(minutes=31)
    await desk.passes(minutes=3)
    await desk.restarts()
    await desk.passes(hours=2)
    await bob.sees(said_in("en", "alarm.choices_old", name="127.0.0.1", why="status 503"))
    await desk.passes(hours=3)
    await bob.sees_nothing()
    await ann.says("/new")
    asking = await ann.sees(said_in("en", "form.many", n=130))
    assert len([label for label in asking.buttons if label.startswith("Branch")]) == 8
    await ann.says("077")
    await ann.sees(said_in("en", "form.wrong.choice"))
    await ann.presses("Branch 077 Kharkiv")
    await ann.says("The door does not close")
    await ann.presses(said_in("en", "form.submit"))
    await ann.catches_up()
    await ann.reads(said_in("en", "request.registered", ticket=1))
    await bob.sees("#1", "Branch 077 Kharkiv", at=QUEUE)
    erp.offers = ["Branch 077 Kharkiv", {"value": "x", "label": "Branch 077 Kharkiv"}]  # nobody could tell them apart
    erp.status = 200
    await desk.passes(hours=1)
    await bob.sees_nothing()
    erp.offers = MANY[:50]
    await desk.passes(hours=1)
    await bob.sees(said_in("en", "alarm.choices_well", name="127.0.0.1"))
    await bob.catches_up(at=QUEUE)


async def test_an_admin_names_the_program_in_chat(desk: Desk, erp: Erp):
    ann, bob = desk.requester("Ann"), desk.agent("Bob")
    await admin(desk, bob)
    await bob.says("/type billing")
    await bob.sees("Billing question (billing)")
    await bob.presses("➕ Add a question")
    address = f"{erp.url} 30m"
    await goes(bob, "site", "Which site is it?", "a choice", SKIP, "No", SKIP, address, SKIP, SKIP, SKIP)
    await bob.sees("What changes: billing.site", address)
    await applies(bob)
    await desk.passes(minutes=1)
    await bob.catches_up()
    await ann.says("/new")
    await ann.fills(type="Billing question", details="Charged twice", contract=SKIP, site="Lviv office")
    await ann.catches_up()
    await bob.sees("#1", "Which site is it: Lviv office", at=QUEUE)
    await bob.says("/type billing")
    await bob.catches_up()
    await bob.presses("Which site is it? (site)")
    await bob.sees(f"{said_in('en', 'rule.choices_from')}: {address}")


@needs(requesters=Capability.WINDOWS)
async def test_a_window_lists_them_and_a_long_list_is_typed(desk: Desk, erp: Erp):
    ann, bob = desk.requester("Ann"), desk.agent("Bob")
    await with_sites(desk, bob, erp)
    await bob.catches_up()
    await ann.says("/new")
    await ann.fills(site="Lviv office", details="The lift stands still")
    await ann.catches_up()
    await bob.sees("#1", "Lviv office", at=QUEUE)
    await ann.says("/new")
    erp.offers = MANY
    await desk.passes(minutes=31)
    await ann.fills(site="Kyiv office", details="It is cold")  # its window was open meanwhile
    card = await ann.sees(said_in("en", "form.wrong.gone", choice="Kyiv office"), said_in("en", "form.many", n=130))
    assert len([label for label in card.buttons if label.startswith("Branch")]) == 8
    await ann.presses(said_in("en", "form.cancel"))
    await ann.catches_up()
    await ann.says("/new")
    await desk.settles()
    asked = desk.stage.window(ann.native) or []
    site = next(each for each in asked if each.endswith("site"))
    desk.stage.fill(ann.native, site, "branch 07")
    desk.stage.fill(ann.native, next(each for each in asked if each.endswith("details")), "The door does not close")
    desk.stage.submit(ann.native)
    await desk.settles()
    assert "Branch 077 Kharkiv" in str(desk.stage.problems(ann.native))
    desk.stage.fill(ann.native, site, "branch 077 kharkiv")
    desk.stage.submit(ann.native)
    await desk.settles()
    assert desk.stage.window(ann.native) is None
    await ann.catches_up()
    await bob.sees("#2", "Branch 077 Kharkiv", at=QUEUE)
