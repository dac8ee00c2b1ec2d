"""Mistyped names, and questions that ask the same."""

import pytest

from kb import clusters, nearest

COMMANDS = ("start", "status", "new", "my", "faq", "language", "help", "cancel", "privacy")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/stauts", "status"),
        ("hlep", "help"),
        ("HELP", "help"),
        ("lang", "language"),
        ("сфтсуд", "cancel"),
        ("privaci", "privacy"),
        ("halp", "help"),
        ("helpp", "help"),
        ("st", None),
        ("zzzz", None),
        ("", None),
        ("m", None),
        ("sta", None),
        ("my", "my"),
    ],
)
def test_a_command_is_understood_or_not_guessed(typed: str, meant: str | None) -> None:
    assert nearest(typed, COMMANDS) == meant


def test_a_name_in_another_alphabet() -> None:
    assert nearest("vidpustka", ["Відпустка", "Пароль"]) == "Відпустка"
    assert nearest("парль", ["Відпустка", "Пароль"]) == "Пароль"


def test_nothing_to_choose_from() -> None:
    assert nearest("help", ()) is None


def test_questions_that_ask_the_same_stand_together() -> None:
    asked = [
        "не работает интернет",
        "погода в киеве",
        "интернет не работает!",
        "как вернуть товар",
        "хочу вернуть товар",
        "интернет снова не работает",
    ]
    assert clusters(asked)[:2] == ((0, 2, 5), (3, 4))


def test_no_questions_no_clusters() -> None:
    assert clusters([]) == ()
    assert clusters(["", "??"]) == ((0,), (1,)) or clusters(["", "??"]) == ((0, 1),)
