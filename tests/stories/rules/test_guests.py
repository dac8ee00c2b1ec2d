"""Guests: an agent lets somebody outside see one request, and talks to them there; the requester hears what is passed on."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Line, Somebody, needs, said_in
from tests.stories.harness.given import asked_to_be_erased, claimed
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import account, applies, present, ruled

BILLING = {"en": "Billing question", "uk": "Питання щодо оплати"}
VALVE = {"en": "Valve closed", "uk": "Вентиль закрито"}
PHONE = {"en": "Phone", "uk": "Телефон"}
FIELDS: list[Mapping[str, Any]] = [
    {"name": "phone", "kind": "phone", "label": PHONE, "required": False},
    {"name": "valve", "kind": "check", "label": VALVE, "guest": True},
    {"name": "paid", "kind": "check", "label": {"en": "Paid", "uk": "Оплачено"}, "required": False},
]


async def rests(*people: Somebody, ticket: int = 1) -> None:
    """Everything else is read."""
    for somebody in people:
        await somebody.catches_up()
        if somebody.is_agent:
            await somebody.catches_up(at=QUEUE)
            await somebody.catches_up(at=THREAD(ticket))


async def leaking(desk: Desk, ann: Somebody, bob: Somebody, language: str = "en") -> None:
    """Ann has a request with a phone number in it and a checklist, and Bob is on it."""
    await present(bob)
    kinds = (await desk.records(lambda tx: tx.rules.newest())).data["types"]  # type: ignore[union-attr]
    billing = {**kinds["billing"], "fields": [*kinds["billing"]["fields"], *FIELDS]}
    general = {"team_language": language, "unclaimed_reminder": "9d"}
    await ruled(desk, types={**kinds, "billing": billing}, desk=general)
    await ann.says("/new")
    await ann.fills(type=BILLING[language], details="The tap in room 3 leaks", contract=SKIP, phone="+380501234567")
    await ann.sees(said_in(language, "request.registered", ticket=1))
    await claimed(bob, ann, language=language)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_plumber_sees_what_is_said_to_them_and_answers_the_team(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    petro = desk.requester("Petro", language=language)
    await petro.starts()
    await petro.catches_up()
    await leaking(desk, ann, bob, language)
    await bob.says("/guest 1 Petro Please look at the tap on Friday", at=THREAD(1))
    line = await bob.reads(say("thread.guest", guest="Petro", name="Bob"), at=THREAD(1))
    card = await petro.sees(say("guest.invited", name="Bob"), f"#1 · {BILLING[language]}", f"☐ {VALVE[language]}")
    assert "room 3" not in card.text
    assert "Paid" not in card.text
    await petro.sees("Bob · #1", "Please look at the tap on Friday")
    await bob.reads(say("receipt.delivered"), at=THREAD(1))
    await bob.reads("#1 ", say("card.guests", names=["Petro"]), at=QUEUE)
    await bob.says("A note that is nobody else's", at=THREAD(1))
    await petro.sees_nothing()
    await bob.presses(say("button.guest_show", name="Petro"), on=line)
    shown = await petro.sees(say("guest.shown", ticket=1), "The tap in room 3 leaks")
    assert "+380501234567" not in shown.text, "how to reach her is told by hand"
    await bob.reads(say("thread.guest_shown", guest="Petro", name="Bob"), at=THREAD(1))
    await bob.presses(say("button.guest_show", name="Petro"), on=line)
    bob.sees_toast(say("refused.guest_read", name="Petro"))

    await petro.says("Friday at ten. The seal costs 12")
    theirs = await bob.reads("Friday at ten. The seal costs 12", say("thread.guest_says", name="Petro"), at=THREAD(1))
    await ann.sees_nothing()
    await bob.presses(say("button.guest_pass", name="Ann"), on=theirs)
    await ann.sees("Bob", "Friday at ten. The seal costs 12")
    await bob.presses(say("button.guest_pass", name="Ann"), on=theirs)
    bob.sees_toast(say("refused.guest_passed", ticket=1))
    await bob.catches_up(at=THREAD(1))
    await bob.presses(say("button.guest_tell", name="Petro"), on=theirs)
    await bob.fills(text="Agreed, room 3", at=THREAD(1))
    await petro.sees("Bob · #1", "Agreed, room 3")
    await ann.sees_nothing()
    await petro.says("/my")
    await petro.presses(say("guest.line", ticket=1, type=BILLING[language]))
    await petro.presses(f"☐ {VALVE[language]} ❗")
    await petro.sees(f"☑ {VALVE[language]}")
    await bob.reads(say("checklist.ticked", mark="☑", item=VALVE, name="Petro"), at=THREAD(1))
    await rests(bob, petro, ann)

    await bob.says("/resolve 1 Mended", at=QUEUE)
    await petro.sees(say("guest.ended", ticket=1))
    await ann.reads("Mended")
    await petro.says("Anything else?")
    heard = await petro.catches_up()
    assert all("#1" not in line.text for line in heard)
    assert await desk.records(lambda tx: [each.ended_at is not None for each in tx.guests.all(1)]) == [True]
    await rests(bob, petro, ann)


async def test_who_may_be_a_guest_and_for_how_long(desk: Desk, ann: Somebody, bob: Somebody):
    eve, petro = desk.agent("Eve"), desk.requester("Petro")
    await present(eve)
    await petro.starts()
    await petro.catches_up()
    await leaking(desk, ann, bob)
    await bob.says("/guest 1 Eve", at=QUEUE)
    await bob.reads(said_in("en", "refused.guest_team", ticket=1, name="Eve"), at=QUEUE)
    await bob.says("/guest 1 Ann", at=QUEUE)
    await bob.reads(said_in("en", "refused.guest_own", ticket=1, name="Ann"), at=QUEUE)
    await bob.says("/guest 1 @nobody", at=QUEUE)
    await bob.reads(said_in("en", "refused.guest_unknown", ticket=1, name="@nobody"), at=QUEUE)
    await bob.says("/guest 1", at=QUEUE)
    await bob.reads(said_in("en", "guest.none", ticket=1), at=QUEUE)
    for _ in range(2):  # said twice, or by two agents at once
        await bob.says("/guest 1 Petro", at=QUEUE)
        await rests(bob)
    assert await desk.records(lambda tx: len(tx.guests.all(1))) == 1
    await petro.sees(said_in("en", "guest.invited", name="Bob"))
    await bob.says("/guest 1 off Petro", at=QUEUE)
    gone = await petro.sees(said_in("en", "guest.taken_out", ticket=1))
    await bob.reads(said_in("en", "thread.guest_off", guest="Petro", name="Bob"), at=THREAD(1))
    await bob.says("/guest 1 -Petro", at=QUEUE)
    await bob.reads(said_in("en", "refused.guest_nobody", ticket=1), at=QUEUE)
    await petro.says("One more thing", reply_to=gone)
    await petro.sees(said_in("en", "guest.not_any_more", ticket=1))
    await rests(bob, petro, ann)


@needs(requesters=Capability.LINKS, team=Capability.LINKS)
async def test_somebody_unknown_comes_by_a_link_and_finds_what_was_said(desk: Desk, ann: Somebody, bob: Somebody):
    await leaking(desk, ann, bob)
    await bob.says("/guest 1 Petro Plumber: Please look at the tap", at=THREAD(1))
    told = await bob.reads("Petro Plumber has not written to the bot yet", "start=for_", at=THREAD(1))
    payload = re.findall(r"start=(\w+)", told.text)[0]
    stranger = desk.requester("Петро", language="uk")
    await stranger.starts(payload)
    await stranger.sees(said_in("uk", "guest.welcome", name="Петро"))
    await stranger.sees("#1 · Billing question")
    await stranger.sees("Please look at the tap")
    await bob.reads("Петро has come by the link", at=THREAD(1))
    await stranger.says("Вже їду")
    await bob.reads("Вже їду", at=THREAD(1))
    await rests(bob, stranger, ann)
    await bob.says("/guest 1 Olha", at=THREAD(1))
    told = await bob.reads("Olha has not written to the bot yet", at=THREAD(1))
    await bob.says("/guest off Olha", at=THREAD(1))
    await rests(bob)
    olha = desk.requester("Olha")
    await olha.starts(re.findall(r"start=(\w+)", told.text)[0])
    late = await olha.sees(said_in("en", "guest.late", name="Olha"), buttons=[said_in("en", "button.new")])
    assert "#1" not in late.text, "what was for a guest is not for one no more"
    await olha.sees_nothing()
    await bob.says("/guest 1 Roman", at=THREAD(1))
    told = await bob.reads("Roman has not written to the bot yet", at=THREAD(1))
    await bob.says("/check 1 Valve closed", at=QUEUE)
    await rests(bob)
    await bob.says("/resolve 1 Mended", at=QUEUE)
    await stranger.sees(said_in("uk", "guest.ended", ticket=1))
    roman = desk.requester("Роман", language="uk")
    await roman.starts(re.findall(r"start=(\w+)", told.text)[0])
    await roman.sees(said_in("uk", "guest.late", name="Роман"))
    await roman.sees_nothing()
    await roman.says("У мене теж тече кран")
    heard = await roman.catches_up()
    assert heard, "what they write is their own"
    await rests(bob, stranger, ann)


async def test_a_guest_goes_along_in_a_merge_and_is_out_when_banned(desk: Desk, ann: Somebody, bob: Somebody):
    petro = desk.requester("Petro")
    await petro.starts()
    await petro.catches_up()
    await leaking(desk, ann, bob)
    await ruled(desk, roles={"admins": [account(bob)]})
    await ann.says("/new")
    await ann.fills(type=BILLING["en"], details="The tap again", contract=SKIP, phone=SKIP)
    await rests(bob, ann)
    await bob.says("/guest 1 Petro Please look at the tap", at=QUEUE)
    line = await bob.reads(said_in("en", "thread.guest", guest="Petro", name="Bob"), at=THREAD(1))
    await rests(bob, petro)
    await bob.says("/merge 1 2", at=QUEUE)
    await applies(bob, at=QUEUE)
    await petro.sees(said_in("en", "guest.goes_on", ticket=1, into=2))
    await petro.says("I am on my way")
    await rests(bob, ann)
    kept = await desk.records(lambda tx: [str(one.words["text"]) for one, _ in tx.talk.of(2)])
    assert "I am on my way" in kept
    assert await desk.records(lambda tx: (tx.guests.of(1), len(tx.guests.of(2)))) == ([], 1)
    # The button stands in the thread that goes on in another.
    await bob.presses(said_in("en", "button.guest_show", name="Petro"), on=line)
    await petro.sees(said_in("en", "guest.shown", ticket=2), "The tap again")
    await bob.says("/ban Petro 1d adverts", at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert await desk.records(lambda tx: tx.guests.of(2)) == []
    await bob.says("/guest 2 Petro", at=QUEUE)
    await bob.reads(said_in("en", "refused.guest_banned", name="Petro"), at=QUEUE)
    await rests(bob, ann, petro)
    await bob.catches_up(at=THREAD(2))


async def test_what_a_guest_wrote_goes_with_them_when_they_are_erased(desk: Desk, ann: Somebody, bob: Somebody):
    petro = desk.requester("Petro")
    await petro.starts()
    await petro.catches_up()
    await leaking(desk, ann, bob)
    await bob.says("/guest 1 Petro", at=QUEUE)
    await rests(bob)
    await petro.says("My wife Olha opens the door")
    await bob.reads("My wife Olha opens the door", at=THREAD(1))
    await asked_to_be_erased(petro)
    await desk.passes(days=1, hours=1)
    await rests(bob, ann, petro)
    left = await desk.records(lambda tx: [str(one.words["text"]) for one, _ in tx.talk.of(1, 50)])
    assert not [text for text in left if "Olha" in text]
    assert not [line for line in desk.stage.lines(bob.native, THREAD(1)) if "Olha" in line.text]
    assert await desk.records(lambda tx: tx.guests.of(1)) == []


async def let_in(desk: Desk, ann: Somebody, bob: Somebody, name: str, language: str = "en") -> tuple[Somebody, Line]:
    """Somebody is a guest of Ann's request; return them, and the line in the thread that says so."""
    guest = desk.requester(name, language=language)
    await guest.starts()
    await leaking(desk, ann, bob)
    await bob.says(f"/guest 1 {name}", at=THREAD(1))
    line = await bob.reads(said_in("en", "thread.guest", guest=name, name="Bob"), at=THREAD(1))
    await rests(guest)
    return guest, line


async def test_what_a_guest_was_shown_changes_without_saying_who_asked(desk: Desk, ann: Somebody, bob: Somebody):
    petro, line = await let_in(desk, ann, bob, "Petro", "uk")
    await ann.says("The door code is 4455")
    await bob.catches_up(at=THREAD(1))
    await bob.presses(said_in("en", "button.guest_show", name="Petro"), on=line)
    await petro.sees(said_in("uk", "guest.shown", ticket=1), "The door code is 4455")
    await bob.says("/guest 1 Petro Do not say 4455 to anybody", at=THREAD(1))
    await petro.sees("Bob · #1", "Do not say 4455 to anybody")
    await bob.says("/redact 4455", at=THREAD(1))
    await petro.reads(said_in("uk", "guest.shown", ticket=1), "The door code is ████")
    await petro.reads("Bob · #1", "Do not say ████ to anybody")
    await petro.sees_no("Ann")
    await petro.sees_no("4455")
    await rests(bob, petro, ann)


async def test_a_guests_no_to_their_own_request_is_no_word_to_another(desk: Desk, ann: Somebody, bob: Somebody):
    petro, _ = await let_in(desk, ann, bob, "Petro")
    await petro.says("On my way")
    await bob.reads("On my way", at=THREAD(1))
    await desk.passes(minutes=5)
    await petro.says("/new")
    await petro.fills(type=BILLING["en"], details="My own bill is wrong", contract=SKIP, phone=SKIP)
    await bob.says("/claim 2", at=QUEUE)
    await bob.says("/check 2 Valve closed", at=QUEUE)
    await bob.says("/resolve 2 Corrected", at=QUEUE)
    await rests(bob, petro)
    await bob.catches_up(at=THREAD(2))
    await petro.says("no")
    await petro.sees(said_in("en", "own.reopened", ticket=2))
    await bob.reads(said_in("en", "thread.reopened", name="Petro", ticket=2), at=THREAD(2))
    await bob.says("/resolve 2 Now it is right", at=QUEUE)
    await rests(bob, petro)
    await petro.says("Which floor is the tap on?")
    await bob.reads("Which floor is the tap on?", said_in("en", "thread.guest_says", name="Petro"), at=THREAD(1))
    await desk.passes(minutes=5)
    await bob.says("/guest 1 Petro Shall we open the door?", at=THREAD(1))
    await rests(petro)
    await petro.says("no")
    await bob.reads("no", said_in("en", "thread.guest_says", name="Petro"), at=THREAD(1))
    await rests(bob, petro, ann)
    await bob.catches_up(at=THREAD(2))


async def test_what_was_written_as_one_of_the_team_is_no_guests(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(eve)
    await eve.starts()
    await leaking(desk, ann, bob)
    old = await eve.says("She has not paid for two years", at=THREAD(1))
    await rests(bob, eve, ann)
    await eve.leaves()
    await desk.passes(minutes=5)
    await bob.says("/guest 1 Eve", at=THREAD(1))
    await eve.catches_up()
    await bob.says("Nor shall she know", at=THREAD(1), reply_to=old)
    await eve.sees_nothing()
    person = await desk.records(lambda tx: tx.guests.of(1)[0])
    await eve.says("I have the key")
    theirs = await bob.reads("I have the key", said_in("en", "thread.guest_says", name="Eve"), at=THREAD(1))
    assert await desk.records(lambda tx: [each.words["text"] for each in tx.talk.said_elsewhere(person)]) == [
        "I have the key"
    ]
    await rests(bob)
    await eve.joins()
    await eve.sees(said_in("en", "guest.taken_out", ticket=1))
    await bob.reads(said_in("en", "thread.guest_gone", guest="Eve"), at=THREAD(1))
    assert await desk.records(lambda tx: tx.guests.of(1)) == []
    await bob.says("Thank you", at=THREAD(1), reply_to=theirs)
    await eve.sees_nothing()
    await desk.passes(minutes=5)
    inside = await eve.says("He has not paid either", at=THREAD(1))
    await rests(bob, eve, ann)
    await bob.says("Nor shall he know", at=THREAD(1), reply_to=inside)
    await eve.sees_nothing()
    await rests(bob, eve, ann)
    assert await desk.records(lambda tx: [each.words["text"] for each in tx.talk.said_elsewhere(person)]) == [
        "I have the key"
    ]


async def test_an_undone_merge_lets_nobody_in_again_whose_time_is_over(desk: Desk, ann: Somebody, bob: Somebody):
    eve, olha = desk.agent("Eve"), desk.requester("Olha")
    dan, zoe = desk.agent("Dan"), desk.agent("Zoe")
    await present(eve, dan, zoe)
    await eve.starts()
    await olha.starts()
    petro, _ = await let_in(desk, ann, bob, "Petro")
    await eve.leaves()
    await ruled(desk, roles={"admins": [account(bob)]})
    await ann.says("/new")
    await ann.fills(type=BILLING["en"], details="The tap again", contract=SKIP, phone=SKIP)
    for name in ("Olha", "Eve"):
        await bob.says(f"/guest 1 {name}", at=QUEUE)
    for helper in ("@dan", "@zoe"):
        await bob.says(f"/with 1 {helper}", at=QUEUE)
    await petro.says("I have the key")
    theirs = await bob.reads("I have the key", said_in("en", "thread.guest_says", name="Petro"), at=THREAD(1))
    await rests(bob, ann, petro, olha, eve)
    await bob.says("/merge 1 2", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await applies(bob, at=QUEUE)
    undo = await bob.reads(said_in("en", "done.merged", ticket=1, into=2), at=QUEUE)
    await petro.sees(said_in("en", "guest.goes_on", ticket=1, into=2))
    await bob.says("/ban Olha 1d adverts", at=QUEUE)
    await applies(bob, at=QUEUE)
    await eve.joins()
    await zoe.leaves()
    await rests(bob, ann, olha, eve)
    helping = await desk.records(lambda tx: [[each.at for each in tx.helpers.all(1) if each.name == "Dan"]])
    await bob.presses(said_in("en", "button.undo"), on=undo)
    await petro.sees(said_in("en", "guest.goes_on", ticket=2, into=1))
    await olha.sees_nothing()
    await eve.sees_nothing()
    assert await desk.records(lambda tx: ([tx.people.get(one).name for one in tx.guests.of(1)], tx.guests.of(2))) == (
        ["Petro"],
        [],
    )
    await ann.catches_up()
    names = await desk.records(lambda tx: ([tx.people.get(one).name for one in tx.helpers.of(1)], tx.helpers.of(2)))
    assert names == (["Dan"], [])
    assert helping == await desk.records(lambda tx: [[each.at for each in tx.helpers.all(1) if each.name == "Dan"]])
    await bob.presses(said_in("en", "button.guest_pass", name="Ann"), on=theirs)  # written before: a guest's still
    await ann.sees("Bob", "I have the key")
    await rests(bob, ann, petro, olha, eve, dan, zoe)
    await bob.catches_up(at=THREAD(2))
    await eve.catches_up(at=THREAD(2))


async def test_nobody_is_a_guest_of_what_has_become_their_own_request(desk: Desk, ann: Somebody, bob: Somebody):
    petro = desk.requester("Petro")
    await petro.starts()
    await leaking(desk, ann, bob)
    await ruled(desk, roles={"seniors": [account(bob)]})
    await petro.says("/new")
    await petro.fills(type=BILLING["en"], details="The tap leaks here too", contract=SKIP, phone=SKIP)
    await bob.says("/guest 1 Petro Please come", at=QUEUE)
    await rests(ann, bob, petro)
    for gone, kept in ((1, 2), (2, 1)):
        await bob.says(f"/merge {gone} {kept}", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await applies(bob, at=QUEUE)
        undo = await bob.reads(said_in("en", "done.merged", ticket=gone, into=kept), at=QUEUE)
        assert await desk.records(lambda tx: [tx.guests.of(1), tx.guests.of(2)]) == [[], []]
        if gone == 1:
            await bob.presses(said_in("en", "button.undo"), on=undo)
            await desk.settles()
            assert await desk.records(lambda tx: [len(tx.guests.of(1)), tx.guests.of(2)]) == [1, []]
    await rests(ann, bob, petro)
    await bob.says("/plan 1 tomorrow 10-12", at=QUEUE)
    await petro.sees("planned a time", "#2")
    await bob.says("/close 1", at=QUEUE)
    await desk.settles()
    heard = [line.text for line in await petro.catches_up()]
    assert not any("Thank you for your help" in text or "#1" in text for text in heard), heard
    for somebody in (ann, bob):
        await rests(somebody)
    await bob.catches_up(at=THREAD(2))
