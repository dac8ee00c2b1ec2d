"""Lists of choices from other programs: read strictly, asked for within bounds, and named in the rules without a secret."""

import json
from typing import Any

import pytest
from yarl import URL

from bot.integrations.choice_reading import LONG, MOST, SIZE, BadList, read_choices
from bot.integrations.choice_sources import NoList, fetch_choices, token_for
from bot.integrations.outward import OutwardCalls
from bot.operations.choice_sources import examine_choice_sources
from bot.setting_types import read_host_tokens
from bot.settings import Settings
from handlers.admin.rules_editor.parts import answer_as_value, part_as_written
from handlers.admin.rules_editor.sections import SECTIONS
from handlers.rules import Rules
from handlers.rules.change import put_document
from handlers.rules.choice_source import ChoiceSource
from handlers.rules.document import read_document
from tests.catchall import catch_all
from tests.clock import MONDAY
from tests.storage.rows import transact

ADDRESS = "https://erp.example.com/sites.json"


def test_texts_and_values_with_labels_are_choices():
    given = ["Kyiv  office", {"value": 17, "label": {"en": "Lviv", "uk": "Львів", "de": "Lemberg"}}, {"value": "odesa"}]
    assert read_choices(json.dumps(["Kyiv\n office", *given[1:], given[2]]).encode("utf-8-sig")) == {
        "Kyiv office": {"en": "Kyiv office"},
        "17": {"en": "Lviv", "uk": "Львів"},
        "odesa": {"en": "odesa"},
    }
    assert list(read_choices(b'["a\\u0000\\ud800b"]')) == ["ab"]
    assert list(read_choices(b'["\\u202eKy\\u200biv\\ufeff", "\\u2068Lviv\\u00ad\\u2069", 7, 0.5]')) == [
        "Kyiv",
        "Lviv",
        "7",
        "0.5",
    ]
    assert list(read_choices(b'[{"value": "a", "label": "A"}, "b", "b"]')) == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("[1", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"items": []}', "no list"),
        ("[]", "an empty list"),
        ('["a", null]', "choice 2 is no text"),
        ('["a", true]', "choice 2 is no text"),
        ('[{"label": "a"}]', "choice 1 is no text"),
        ('[{"value": "a", "label": {"de": "A"}}]', "choice 1 has no label"),
        ('["-"]', "choice 1 is empty"),
        (json.dumps(["x" * (LONG + 1)]), f"choice 1 is longer than {LONG} characters"),
        (json.dumps([str(n) for n in range(MOST + 1)]), f"more than {MOST} choices"),
        ('[{"value": "a", "label": "A"}, {"value": "a", "label": "B"}]', "the value of choice 2 twice"),
        ('["c", {"value": "a", "label": "Lviv"}, {"value": "b", "label": "LVIV"}]', "choices 2 and 3 called the same"),
        ('["Ky\\u0439iv", "Ky\\u0438\\u0306iv"]', "choices 1 and 2 called the same"),
        ('["Kyiv", "Ky\\u200biv", {"value": "k", "label": "Kyi\\u2060v"}]', "choices 1 and 3 called the same"),
        ('["\\u200b\\u202e"]', "choice 1 is empty"),
        ("[1, NaN]", "no JSON"),
        ('[{"value": -Infinity, "label": "a"}]', "no JSON"),
        ("[1, 1e999]", "choice 2 is no number"),
        (
            '[{"value": "1", "label": "a"}, {"value": "2", "label": {"uk": "1"}}]',
            "choice 2 called like the value of choice 1",
        ),
        (
            '[{"value": "1", "label": {"en": "a", "uk": "1"}}, {"value": "2", "label": {"en": "1", "uk": "b"}}]',
            "choice 2 called like the value of choice 1",
        ),
        ('[{"value": "1", "label": "2"}, {"value": "2", "label": "1"}]', "choice 2 called like the value of choice 1"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_not_taken_at_all(given: str, why: str):
    with pytest.raises(BadList, match=f"^{why}$"):
        read_choices(given.encode())


async def test_a_token_goes_to_its_own_host_and_nothing_comes_from_elsewhere_or_without_an_end():
    async with catch_all() as caught, catch_all() as other:
        calls, source = OutwardCalls(["127.0.0.1"]), ChoiceSource(f"{caught.url}/sites?of=kyiv", MONDAY - MONDAY)

        async def why(**as_told: Any) -> str:
            for name, value in as_told.items():
                setattr(caught, name, value)
            with pytest.raises(NoList) as none:
                await fetch_choices(calls, source, read_host_tokens("erp.example.com=s3cr3t,127.0.0.1=s3cr3t"))
            assert none.value.fix
            return str(none.value)

        caught.body = b'["Kyiv"]'
        its = read_host_tokens(f"127.0.0.1:{URL(caught.url).port}=t0k3n")
        assert await fetch_choices(calls, source, its) == {"Kyiv": {"en": "Kyiv"}}
        assert "Bearer t0k3n" in caught.heard[0]
        assert caught.heard[0].startswith("GET /sites?of=kyiv\n")
        assert await why(body=b'["' + b"x" * SIZE + b'"]') == f"more than {SIZE} bytes"
        assert await why(status=302, headers={"Location": other.url}) == "status 302"
        assert await why(status=401, headers={}) == "status 401"
        assert "s3cr3t" not in str(caught.heard)
        assert other.heard == []
        private = ChoiceSource(caught.url.replace("http:", "https:"), source.every)
        with pytest.raises(NoList, match="not called: private") as none:
            await fetch_choices(OutwardCalls(), private, {})
        assert none.value.fix.startswith("PRIVATE_HOSTS: ")
        await calls.close()


@pytest.mark.parametrize(
    ("address", "goes"),
    [
        ("https://erp.example.com/a", "one"),
        ("https://ERP.example.com:443/a", "one"),
        ("https://erp.example.com:8443/a", "two"),
        ("https://erp.example.com:9443/a", None),
        ("https://erp.example.com.evil.example/a", None),
        ("http://erp.example.com/a", None),
        ("http://erp.example.com:443/a", None),
        ("http://erp.example.com:8443/a", None),
        ("https://[2001:db8::1]:8443/a", "four"),
        ("http://127.0.0.1/a", "three"),
        ("http://[::1]:8080/a", "five"),
        ("http://127.0.0.1:8080/a", None),
    ],
)
def test_a_token_goes_over_https_to_its_own_host_and_port_alone(address: str, goes: str | None):
    told = "erp.example.com:443=one,Erp.example.com:8443=two,127.0.0.1=three,[2001:db8::1]:8443=four,[::1]:8080=five"
    assert token_for(ChoiceSource(address, MONDAY - MONDAY), read_host_tokens(told)) == goes


def field(**entry: object) -> tuple[Rules, list[str]]:
    """Return the rules of one type with such a question, and the places of what is wrong."""
    asked = {"name": "site", "kind": "choice", "label": "Site", **entry}
    kind = {
        "kind": "incident",
        "title": "Site",
        "fields": [asked, {"name": "why", "label": "Why", "when": {"site": "a"}}],
    }
    rules, problems = read_document({"types": {"site": kind}}, Rules())
    return rules, [f"{problem.place.partition('fields[0].')[2]} {problem.said.key}" for problem in problems]


def test_a_question_names_an_address_and_its_term():
    rules, problems = field(choices_from={"url": ADDRESS, "every": "30m"})
    assert problems == []
    ((key, source),) = rules.choice_sources.items()
    assert (source.url, source.every.total_seconds()) == (ADDRESS, 1800)
    assert rules.types["site"].fields[0]["source"] == key
    assert ADDRESS not in str(rules.types["site"].fields)
    rules, problems = field(choices_from=ADDRESS)
    assert [one.every.total_seconds() for one in rules.choice_sources.values()] == [3600]


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ({"choices_from": "erp"}, "choices_from rules.wrong.address"),
        ({"choices_from": "https://bob:pw@erp.example.com/"}, "choices_from rules.wrong.address_password"),
        ({"choices_from": {"url": ADDRESS, "every": "1m"}}, "choices_from.every rules.wrong.short"),
        ({"choices_from": {"url": ADDRESS, "every": "30d"}}, "choices_from.every rules.wrong.seldom"),
        ({"choices_from": {"url": ADDRESS, "token": "s3cr3t"}}, "choices_from.token rules.wrong.none_of"),
        ({"choices_from": ADDRESS, "choices": {"a": "A"}}, "choices_from rules.wrong.choices_from"),
        ({"choices_from": ADDRESS, "kind": "text"}, "choices_from rules.wrong.choices_from"),
        ({}, "choices rules.wrong.missing"),
    ],
)
def test_what_cannot_be_is_refused(entry: dict[str, object], wrong: str):
    assert wrong in field(**entry)[1]


@pytest.mark.parametrize("value", [ADDRESS, {"url": ADDRESS, "every": "30m"}])
def test_the_editor_shows_it_and_gives_it_back(value: object):
    part = next(one for one in SECTIONS["question"].parts if one.name == "choices_from")
    shown = part_as_written(part, {"choices_from": value})
    assert shown == (ADDRESS if value == ADDRESS else f"{ADDRESS} 30m")
    assert answer_as_value(part, shown, lambda _: []) == value


async def test_the_doctor_asks_each(database, database_url):
    async with catch_all() as caught:
        caught.body = b'["Kyiv", "Lviv"]'
        asked = [{"name": "site", "kind": "choice", "label": "Site", "choices_from": caught.url}]
        document = {"types": {"site": {"kind": "incident", "title": "Site", "fields": asked}}}
        await transact(database, lambda tx: put_document(tx, document, Rules(), act="apply", by=None, at=MONDAY))
        chosen = Settings(database_url=database_url, private_hosts=("127.0.0.1",))
        assert [str(one) async for one in examine_choice_sources(chosen)] == ["✓ choices from 127.0.0.1: 2 choices"]
        caught.status = 401
        (line,) = [str(one) async for one in examine_choice_sources(chosen)]
        assert line.startswith("✗ choices from 127.0.0.1: no list: status 401; CHOICES_TOKENS: ")
