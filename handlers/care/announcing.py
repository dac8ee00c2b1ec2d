"""``/announce`` and ``/works``: to whom, in which words, when; shown in each language with the count before anybody reads it."""

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from handlers.care import telling
from handlers.turns import form_dialog
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.dates import read_when
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.durations import read_duration
from handlers.vocabulary.forms import Field, Form, Label
from handlers.vocabulary.messages import Part, RichText, bold_text, button_row, phrase
from handlers.vocabulary.stored_text import WORDS, files_of, words_of
from handlers.vocabulary.subcommands import read_subcommand
from handlers.vocabulary.translations import LANGUAGES, NAMES, known_language
from kb import nearest
from storage.care.announcements import CHOICE, Announcement, Segment, Stage
from storage.lifecycle import Refused
from storage.models import Role
from storage.types import Answers

on = Routes()

MONTHS = timedelta(days=183)  # who asked of a type within this is meant by it
BEFORE = timedelta(hours=2)  # a word before planned works, unless they say otherwise
LEAST = timedelta(minutes=1)
LONGEST = 3000
PART = re.compile(rf"^[^\S\n]*({'|'.join(LANGUAGES)})[^\S\n]*:\s*", re.MULTILINE | re.IGNORECASE)

WHOM = {
    "everybody": "announce.to.everybody",
    "waiting": "announce.to.waiting",
    "language": "announce.to.language",
    "type": "announce.to.type",
    "group": "announce.to.group",
    "company": "announce.to.company",
}
WHICH = {
    "language": "announce.which_language",
    "type": "announce.which_type",
    "group": "announce.which_group",
    "company": "announce.which_company",
}
SAID = Field("words", {"": "announce.words"}, "long_text", hint={"": "announce.words_hint"}, limit=LONGEST)
FILE = Field("file", {"": "announce.file"}, "file", required=False)
WHEN = Field("when", {"": "announce.when"}, hint={"": "announce.when_hint"}, required=False)
TIMES = (
    Field("begins", {"": "works.begins"}, hint={"": "announce.when_hint"}),
    Field("ends", {"": "works.ends"}, hint={"": "announce.when_hint"}),
    Field("before", {"": "works.before"}, hint={"": "works.before_hint"}, required=False),
    Field("about", {"": "works.about"}, hint={"": "works.about_hint"}, required=False),
)


def announce_form(turn: Turn) -> Form:
    """Return the form of an announcement."""
    return Form("announce", {"": "announce.title"}, (*whom_fields(turn), SAID, FILE, WHEN), review=False)


def works_form(turn: Turn) -> Form:
    """Return the form of planned works."""
    return Form("works", {"": "works.title"}, (SAID, *TIMES, *whom_fields(turn)), review=False)


def whom_fields(turn: Turn) -> tuple[Field, ...]:
    """Return the questions to whom it is; of what the desk has none of is not asked."""
    which: dict[str, dict[str, Label]] = {
        "language": {code: {"en": NAMES[code]} for code in LANGUAGES},
        "type": {kind.name: kind.title for kind in turn.tx.requests.types()},
        "group": {name: group.title or {"en": name} for name, group in turn.rules.groups.items()},
    }
    given = {to: choices for to, choices in which.items() if choices}
    whom: dict[str, Label] = {to: {"": said} for to, said in WHOM.items() if to in given or to not in which}
    asked = (Field(to, {"": WHICH[to]}, "choice", choices=choices, when={"to": (to,)}) for to, choices in given.items())
    company = Field("company", {"": WHICH["company"]}, when={"to": ("company",)})
    return (Field("to", {"": "announce.to"}, "choice", choices=whom), *asked, company)


@on.command("announce", role=Role.ADMIN)
def announce(turn: Turn) -> None:
    """Words for many: /announce, perhaps with them; /announce list shows the latest, with what became of them."""
    words = turn.event.value.strip()
    if read_subcommand(words) == "list":
        list_announcements(turn)
        return
    private = continue_in_private(turn)
    form_dialog.open_form(private, announce_form(private), answers={SAID.name: words} if words else None)


@on.command("works", role=Role.ADMIN)
def works(turn: Turn) -> None:
    """Planned works: a word before, at the beginning and at the end, and to whoever asks meanwhile: /works."""
    private = continue_in_private(turn)
    form_dialog.open_form(private, works_form(private))


def list_announcements(turn: Turn) -> None:
    """Show the latest announcements, each as it stands."""
    found = turn.tx.announcements.latest()
    if not found:
        turn.say(phrase("announce.none"))
    for one in found:
        telling.show_announcement_card(turn, one, anew=True)


@on.submit("announce", role=Role.ADMIN)
def announced(turn: Turn) -> None:
    """What was written is shown as it will be read; a time that is none, or nobody meant, is asked again."""
    answers = turn.event.answers
    when = str(answers.get("when") or "")
    starts = read_when(when, turn.now, turn.here[1].zone) if when else None
    if when and starts is None:
        ask_field_again(turn, announce_form(turn), answers, "when")
        return
    draft_announcement(turn, announce_form(turn), answers, starts_at=starts)


@on.submit("works", role=Role.ADMIN)
def planned(turn: Turn) -> None:
    """Planned works are shown as they will be told; times that are none, or in the wrong order, are asked again."""
    answers, zone = turn.event.answers, turn.here[1].zone
    begins, ends = (read_when(str(answers.get(name) or ""), turn.now, zone) for name in ("begins", "ends"))
    if begins is None or ends is None or ends - begins < LEAST:
        ask_field_again(turn, works_form(turn), answers, "begins" if begins is None else "ends")
        return
    said = str(answers.get("before") or "")
    before = read_duration(said) if said else BEFORE
    if before is None:
        ask_field_again(turn, works_form(turn), answers, "before")
        return
    keywords = str(answers.get("about") or "")
    starts = max(begins - before, turn.now)
    draft_announcement(
        turn,
        works_form(turn),
        answers,
        starts_at=starts,
        begins_at=begins,
        ends_at=ends,
        keywords=keywords,
        phase="before",
    )


def ask_field_again(turn: Turn, form: Form, answers: Answers, wrong: str) -> None:
    """Ask once more what could not be read; all else stays answered."""
    turn.say(phrase("refused.when", word=str(answers.get(wrong) or "—")))
    open_again(turn, form, answers, {wrong})


def open_again(turn: Turn, form: Form, answers: Answers, wrong: Collection[str]) -> None:
    """Open a form anew that asks for nothing but what was wrong; what was left out stays left out."""
    given = {**{field.name: "" for field in form.fields if not field.required}, **answers}
    form_dialog.open_form(turn, form, answers={name: answer for name, answer in given.items() if name not in wrong})


def draft_announcement(turn: Turn, form: Form, answers: Answers, **values: Any) -> None:
    """Keep what was written as a draft, and show it in each language with the count."""
    segment = segment_of(turn, answers)
    if segment is None:
        ask_whom_again(turn, form, answers)
        return
    words = by_language(str(answers["words"]), turn.rules.language)
    files = [file for file in answers.get("files") or () if file.get("kind") != "other"]
    address, reader = turn.here
    number = turn.tx.announcements.add(
        by_id=turn.person.id,
        words={language: WORDS.dump_python(said, mode="json") for language, said in words.items()},
        files=files,
        segment=segment,
        place={"lane": address.lane, "language": reader.language, "zone": reader.zone},
        created_at=turn.now,
        **values,
    )
    made = turn.tx.announcements.get(number)
    assert made is not None
    preview_announcement(turn, made)


def ask_whom_again(turn: Turn, form: Form, answers: Answers) -> None:
    """Ask once more whom it is to: of a company by its name, of what is gone meanwhile from the start."""
    wrong = {str(answers["to"])}
    if "company" in wrong:
        named = str(answers.get("company") or "—")
        turn.say(phrase("refused.no_company", name=named, meant=nearest(named, turn.tx.companies.names()) or "—"))
    else:
        wrong.add("to")
    open_again(turn, form, answers, wrong)


def segment_of(turn: Turn, answers: Answers) -> Segment | None:
    """Return whom it is to; None where the desk has no such company, or no such type or group any more."""
    to = str(answers["to"])
    known = {field.name: field.options for field in whom_fields(turn)[1:]}
    if to in ("everybody", "waiting"):
        return {"to": to}
    value = str(answers.get(to) or "")
    if to == "company":
        company = turn.tx.companies.named(value)
        return {"to": to, "value": company.name} if company else None
    if value not in known.get(to, {}):
        return None
    if to == "type":
        return {"to": to, "value": value, "since": (turn.now - MONTHS).isoformat()}
    return {"to": to, "value": value}


def by_language(text: str, language: str) -> dict[str, RichText]:
    """Return a text by the languages that its parts begin with (``uk: … en: …``); one without is in the desk's own."""
    parts = PART.split(text.strip())
    found = {language: RichText(parts[0].strip())} if parts[0].strip() else {}
    for code, said in zip(parts[1::2], parts[2::2], strict=True):
        if said.strip():
            found[code.lower()] = RichText(said.strip())
    return found or {language: RichText(text.strip())}


def preview_announcement(turn: Turn, one: Announcement) -> None:
    """Show it as it will be read, and how many will read it in which language."""
    counts: dict[str, int] = {}
    for spoken, count in turn.tx.announcements.languages(one.segment, turn.now).items():
        language = telling.announcement_language(one, known_language(spoken, turn.rules.language))
        counts[language] = counts.get(language, 0) + count
    whole = sum(counts.values())
    parts: list[Part] = []
    for language in one.words:
        parts += [bold_text(f"{NAMES[language]} · {counts.get(language, 0)}"), words_of(one.words[language])]
    parts += works_time_lines(one)
    if left := turn.tx.announcements.left_out(one.segment, turn.now):
        parts.append(phrase("announce.left_out", n=left))
    if not whole:
        turn.say(*parts, phrase("announce.nobody"))
        return
    yes = phrase("announce.at", n=whole, at=one.starts_at) if one.starts_at else phrase("announce.now", n=whole)
    buttons = button_row(
        presses.AnnounceGo(one.id).button(yes, danger=True), presses.AnnounceNo(one.id).button(phrase("form.cancel"))
    )
    turn.say(*parts, title=phrase("announce.preview", n=whole), files=files_of(one.files), buttons=buttons)


def works_time_lines(one: Announcement) -> list[Part]:
    """Return the lines that say when planned works begin and end."""
    if one.begins_at is None or one.ends_at is None:
        return []
    return [phrase("works.from_to", begins=one.begins_at, ends=one.ends_at)]


@on.press(presses.AnnounceGo, role=Role.ADMIN, act="announce")
def go(turn: Turn) -> None:
    """It is meant: it begins now, or when its time has come."""
    one = telling.announcement_in_stage(turn, turn.pressed(presses.AnnounceGo).announcement, Stage.DRAFT)
    late = one.begins_at is not None and one.begins_at <= turn.now
    if late:
        raise Refused("when", word=telling.works_time_text(turn, one.begins_at))
    turn.audit(Deed.ANNOUNCED, announcement=one.id)
    card = turn.shown.outgoing_id if turn.shown and not one.files else None
    turn.tx.announcements.change(one.id, stage=Stage.WAITING, card=card)
    telling.schedule_announcement(turn, one)
    telling.show_announcement_card(turn, telling.reload_announcement(turn, one))


@on.press(presses.AnnounceNo, role=Role.ADMIN, act="announce")
def dropped(turn: Turn) -> None:
    """It was not meant: nobody hears of it."""
    one = telling.announcement_in_stage(turn, turn.pressed(presses.AnnounceNo).announcement, Stage.DRAFT)
    turn.tx.announcements.change(one.id, stage=Stage.CANCELLED, words={}, files=[])
    turn.say(phrase("bulk.dropped"), edits=turn.shown.outgoing_id if turn.shown and not one.files else None)


@on.press(presses.AnnouncePause, role=Role.ADMIN, act="announce")
def paused(turn: Turn) -> None:
    """Nobody more is told, until it is resumed."""
    one = telling.announcement_in_stage(turn, turn.pressed(presses.AnnouncePause).announcement, Stage.SENDING)
    turn.tx.announcements.change(one.id, stage=Stage.PAUSED)
    turn.audit(Deed.ANNOUNCEMENT_PAUSED, announcement=one.id)
    telling.show_announcement_card(turn, telling.reload_announcement(turn, one))


@on.press(presses.AnnounceOn, role=Role.ADMIN, act="announce")
def resumed(turn: Turn) -> None:
    """It goes on with whoever has not been told yet."""
    one = telling.announcement_in_stage(turn, turn.pressed(presses.AnnounceOn).announcement, Stage.PAUSED)
    turn.tx.announcements.change(one.id, stage=Stage.SENDING)
    turn.audit(Deed.ANNOUNCEMENT_RESUMED, announcement=one.id)
    telling.continue_announcement(turn, one)
    telling.show_announcement_card(turn, telling.reload_announcement(turn, one))


@on.press(presses.AnnounceStop, role=Role.ADMIN, act="announce")
def cancelled(turn: Turn) -> None:
    """Nobody more is told, and what still waits to be sent is dropped."""
    one = telling.announcement_in_stage(
        turn, turn.pressed(presses.AnnounceStop).announcement, Stage.WAITING, Stage.SENDING, Stage.PAUSED
    )
    turn.tx.announcements.drop_waiting(one.id, turn.now)
    turn.tx.announcements.change(one.id, stage=Stage.CANCELLED)
    turn.audit(Deed.ANNOUNCEMENT_CANCELLED, announcement=one.id)
    telling.show_announcement_card(turn, telling.reload_announcement(turn, one))


@on.press(presses.AnnounceOff)
def off(turn: Turn) -> None:
    """Whoever reads it wants no more of such; /notify turns it on again."""
    chosen = dict(turn.tx.hearing.chosen(turn.person.id))
    turn.tx.hearing.choose(turn.person.id, {**chosen, CHOICE: False})
    turn.toast(phrase("announce.off_done"))
