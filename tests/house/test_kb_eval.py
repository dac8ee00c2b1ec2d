"""`frontdesk kb eval`: how good the answers are on somebody's own questions."""

import json

import pytest

from bot.__main__ import run_command_line

QUESTIONS = {
    "vpn": ["how do I connect to the vpn", "vpn does not connect"],
    "password": ["I forgot my password", "reset my password"],
    "printer": ["the printer prints nothing", "printer is out of paper"],
}


@pytest.fixture
def files(tmp_path):
    """Return the folder with labelled questions, and some that nobody answers."""
    rows = [f"{label}\t{text}" for label, texts in QUESTIONS.items() for text in texts]
    (tmp_path / "train.tsv").write_text("\n".join(["label\ttext", *rows]), encoding="utf-8")
    (tmp_path / "oos.tsv").write_text("label\ttext\noos\twhat is the capital of France\n", encoding="utf-8")
    (tmp_path / "held").write_text("printer\n", encoding="utf-8")
    (tmp_path / "bad.tsv").write_text("label\ttext\nno tab here\n", encoding="utf-8")
    (tmp_path / "windows.tsv").write_bytes("label\ttext\nvpn\tне працює\n".encode("cp1251"))
    return tmp_path


def test_json_is_one_document_and_nothing_else(files, capsys):
    train, oos = str(files / "train.tsv"), str(files / "oos.tsv")
    assert run_command_line(["kb", "eval", "--train", train, "--test", train, "--oos", oos, "--json"]) == 0
    test = json.loads(capsys.readouterr().out)["test"]
    assert (test["questions"], test["strangers"], test["top1"]) == (6, 1, 100.0)


def test_a_label_held_out_is_answered_by_nobody(files, capsys):
    train, held = str(files / "train.tsv"), str(files / "held")
    arguments = ["--train", train, "--test", train, "--dev", train, "--hold-out", held, "--json"]
    assert run_command_line(["kb", "eval", *arguments]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert [(m["questions"], m["strangers"]) for m in measured.values()] == [(4, 2), (4, 2)]


def test_people_get_a_table(files, capsys):
    train = str(files / "train.tsv")
    assert run_command_line(["kb", "eval", "--train", train, "--test", train]) == 0
    assert "top1               100.0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "told"), [("nowhere.tsv", "nowhere.tsv"), ("bad.tsv", "line 2"), ("windows.tsv", "UTF-8")]
)
def test_a_file_that_cannot_be_read_is_named(files, capsys, name, told):
    assert run_command_line(["kb", "eval", "--train", str(files / "train.tsv"), "--test", str(files / name)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("--test: ")
    assert told in shown.err
    assert shown.err.count("\n") == 1
