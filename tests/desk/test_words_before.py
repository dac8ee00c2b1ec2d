"""The number and the name before an agent's words, as the command that said them is edited: they are no part of the words."""

import pytest

from handlers.tickets.agent_words import words_before, words_behind
from handlers.vocabulary.messages import Chat, Event, Kind, RichText
from storage.models import MessageKind, Role
from storage.tickets.messages import TicketMessage
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.desk.scenes import Scene

NONE = (None, None, None)  # nor edited, nor taken back, nor with a receipt


def event(kind: Kind, text: str, name: str = "r") -> Event:
    """Return a command, or the edit of one."""
    return Event(kind, "telegram:1", "1", "c", MONDAY, name=name, value=text, words=RichText(text))


@pytest.mark.parametrize(
    ("before", "edit", "now"),
    [
        ("1", "1 Thank you, Ann", "Thank you, Ann"),
        ("1", "Thank you, Ann", "Thank you, Ann"),
        ("1", "Done!", "Done!"),
        ("1", "#1 Done!", "Done!"),
        ("1", "2 boxes", "2 boxes"),
        ("1", "1", ""),
        ("1", "", ""),
        ("1 Petro", "1 Petro Come at six", "Come at six"),
        ("1 Petro", "Petro Come at six", "Come at six"),
        ("1 Petro", "1 Come at six", "Come at six"),
        ("1 Petro", "Come at six, Petro", "Come at six, Petro"),
        ("#1 @petro", "1 Petro:  Come\nat six", "Come\nat six"),
        ("1 Петро Коваль:", "1 петро коваль Приходьте о шостій", "Приходьте о шостій"),
        ("", "1 box is there", "1 box is there"),
    ],
)
def test_of_an_edited_command_only_what_stood_before_its_words_is_left_out(before, edit, now):
    said = "Come at five"
    known = words_before(event(Kind.COMMAND, f"{before} {said}".strip()), RichText(said))
    assert all(isinstance(each, int) for each in known), "no name is kept with the words"
    kept = TicketMessage(
        1, 1, 1, MessageKind.REPLY, {"text": said, "spans": [], "before": known}, [], None, MONDAY, *NONE
    )
    assert words_behind(event(Kind.EDIT, edit), kept).text == now
    plain = TicketMessage(1, 1, 1, MessageKind.REPLY, {"text": said, "spans": []}, [], None, MONDAY, *NONE)
    assert words_behind(event(Kind.EDIT, edit), plain).text == edit, "of words of before nothing is known"
    assert words_behind(event(Kind.EDIT, edit, name=""), kept).text == edit, "it is no command any more"


@pytest.mark.parametrize("written", ["/р 1", ".к 1", "/р"])
async def test_the_edit_of_a_command_in_our_letters_is_one_too(database, written):
    def story(connection):
        scene = Scene(Transaction(connection))
        bob, ann = scene.person("Bob", Role.SENIOR), scene.person("Ann")
        assert scene.registers(ann, "The tap leaks") == 1
        scene.gives(scene.in_team(bob, Kind.COMMAND, "claim", "1"))
        scene.tx.talk.set_native(1, scene.channel.id, "1")
        where = {} if "1" in written else {"thread": "1"}
        said = scene.in_team(bob, Kind.TEXT, text=f"{written} Завтра", **where)
        scene.gives(said)
        scene.delivered()
        scene.gives(scene.in_team(bob, Kind.EDIT, text=f"{written} Завтра вранці", message=said.message, **where))
        assert scene.refusals == []
        [*_, (_, operation, drawn)] = scene.promised(Chat(ann.source, ann.home).lane)
        assert (operation, drawn.words.text) == ("edit", "Bob\nЗавтра вранці")

    await database.run(story)
