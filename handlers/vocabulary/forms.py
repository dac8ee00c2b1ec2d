"""Forms as data: fields with conditions and rules, judged by one pure function on every messenger."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from handlers.vocabulary import patterns
from handlers.vocabulary.latin_names import latin_name
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.translations import LANGUAGES, load_catalogue
from storage.types import Answers

Label = Mapping[str, str]  # {language: text}; of a form in code: {"": phrase key}
FormData = Mapping[str, Any]  # a form as JSON: {"name", "title", "fields": [FieldData], "review"}
FieldData = Mapping[str, Any]  # a field as JSON, by the names of ``Field``; what is at its default may be left out

KINDS = ("text", "long_text", "choice", "yes_no", "number", "date", "email", "phone", "file", "check", "asset")
LIMITS = {"text": 200, "long_text": 10_000}  # characters, unless the field says otherwise
KEY = "key"  # a name of an entry of the rules, in any letters: it is kept as commands write it
MAY_BE_SECRET = ("text", "number", "date", "email", "phone")
SECRET = 150  # characters of a secret answer: it is shown in a popup that holds no more
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]{2,}"
_PHONE = re.compile(r"\+?[\d\s().-]{7,20}")
_DATES = (
    re.compile(r"(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
)
YES_NO = {"yes": {"": "form.yes"}, "no": {"": "form.no"}}


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``when`` is ``{earlier field: (values,)}``: asked only where the earlier answer is one of them.

    What is ``spare`` only a window asks, which has room for it; what is ``secret`` is asked where nobody else reads along. ``by``
    says who answers: "" is the requester, "agent" the team. A ``check`` is an item of the team's checklist. ``named_by`` is an
    earlier question whose answer, as it was typed, goes for this one too until that is answered: a type's name for its title.
    """

    name: str
    label: Label
    kind: str = "text"
    hint: Label | None = None
    required: bool = True
    limit: int = 0
    pattern: str = ""
    choices: Mapping[str, Label] | None = None
    when: Mapping[str, tuple[str, ...]] | None = None
    spare: bool = False
    by: str = ""
    secret: bool = False  # kept apart from the other answers, shown as dots
    named_by: str = ""
    of: tuple[str, ...] = ()  # kinds of asset to choose among; any, where none is named
    whose: str = ""  # "all": anybody's asset is taken by its whole number
    guest: bool = False  # of the checklist: a guest of the request may tick it too
    source: str = ""  # of a choice: the key of what gives its choices; without a list it takes words

    @property
    def options(self) -> Mapping[str, Label]:
        """Return what may be chosen, by key; empty where words are asked."""
        return YES_NO if self.kind in ("yes_no", "check") else self.choices or {}


@dataclass(frozen=True, slots=True)
class Form:
    """A guided dialog: a name who hears its submission, a title, fields in order."""

    name: str
    title: Label
    fields: tuple[Field, ...]
    review: bool = True  # shows everything once more before it is submitted

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for field in self.fields:
            _check(self.name, field, seen)
            seen.add(field.name)

    def visible(self, answers: Answers) -> list[Field]:
        """Return the fields to ask, given what was answered so far."""
        shown: list[Field] = []
        for field in self.fields:
            names = {f.name for f in shown}
            if all(name in names and answers.get(name) in values for name, values in (field.when or {}).items()):
                shown.append(field)
        return shown

    def field(self, name: str) -> Field | None:
        """Return a field by its name."""
        return next((field for field in self.fields if field.name == name), None)

    def dump(self) -> FormData:
        """Return the form as JSON data."""
        # ``asdict`` copies all it meets, and lists of choices may be very long; "-" is a source, so that there need be no list
        short = replace(self, fields=tuple(replace(f, choices=None, source=f.source or "-") for f in self.fields))
        data = asdict(short)
        for field, own in zip(data["fields"], self.fields, strict=True):
            field |= {"choices": own.choices, "source": own.source}
            for name in ("spare", "by", "secret", "named_by", "of", "whose", "guest", "source"):
                if not field[
                    name
                ]:  # as it was written before there was such a thing: the same form has the same digest
                    del field[name]
        return data

    @property
    def digest(self) -> str:
        """Return what tells one revision of a form from another."""
        return hashlib.sha256(json.dumps(self.dump(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _check(form: str, field: Field, earlier: set[str]) -> None:
    if field.name in earlier:
        raise ValueError(f"form {form!r} has two fields named {field.name!r}: give one another name")
    if field.kind not in (*KINDS, KEY):
        raise ValueError(f"form {form!r}, field {field.name!r}: kind {field.kind!r} is none of {', '.join(KINDS)}")
    if field.secret and field.kind not in MAY_BE_SECRET:
        raise ValueError(
            f"form {form!r}, field {field.name!r}: a secret is one of {', '.join(MAY_BE_SECRET)}, not {field.kind}"
        )
    if field.kind == "choice" and not (field.choices or field.source):
        raise ValueError(f"form {form!r}, field {field.name!r}: a choice needs choices")
    if field.pattern and (unfit := patterns.why_unfit(field.pattern)):
        raise ValueError(f"form {form!r}, field {field.name!r}: pattern {field.pattern!r}: {unfit}")
    for name in field.when or {}:
        if name not in earlier:
            raise ValueError(
                f"form {form!r}, field {field.name!r}: its condition names {name!r}, which is not asked before it"
            )


def load_form(data: FormData) -> Form:
    """Return the form that ``dump`` wrote."""
    return Form(data["name"], data["title"], tuple(load_field(f) for f in data["fields"]), data.get("review", True))


def load_field(data: FieldData) -> Field:
    """Return a field from its JSON data; a pattern of an older time that strangers' words must not meet is left out."""
    when = data.get("when")
    conditions = {name: tuple(values) for name, values in when.items()} if when else None
    pattern = data.get("pattern", "")
    read = {"pattern": "" if patterns.why_unfit(pattern) else pattern, "of": tuple(data.get("of", ()))}
    return Field(**{**data, **read, "when": conditions})


def judge_answer(field: Field, answer: Any) -> tuple[Any, Phrase | None]:
    """Return the answer as it is kept, and what is wrong with it (None: nothing). Pure: no clock, no database."""
    if field.kind == "file":
        return answer, None if answer or not field.required else phrase("form.wrong.file")
    text = str(answer or "").strip()
    if not text:
        return "", phrase("form.wrong.empty") if field.required else None
    if field.options:
        return _chosen(field, text)
    limit = field.limit or LIMITS.get(field.kind, 200)
    limit = min(limit, SECRET) if field.secret else limit
    if len(text) > limit:
        return text, phrase("form.wrong.long", limit=limit, length=len(text))
    if field.pattern:
        taken = patterns.text_fitting_pattern(field.pattern, text)
        if taken is None:
            return text, phrase("form.wrong.pattern")
        text = taken
    return _read(field.kind, text)


def _chosen(field: Field, text: str) -> tuple[str, Phrase | None]:
    """Take a key, or a label typed in any language and letter case; a key comes before another's label."""
    wanted = text.casefold()
    said = {word.casefold(): key for key, label in reversed(list(field.options.items())) for word in _labels(label)}
    keys = {key.casefold(): key for key in reversed(list(field.options))}
    chosen = text if text in field.options else keys.get(wanted) or said.get(wanted)
    return (text, phrase("form.wrong.choice")) if chosen is None else (chosen, None)


def _labels(label: Label) -> Iterator[str]:
    """Yield what a label says: in each language it has, or, where a phrase says it, in each of ours."""
    for language, text in label.items():
        if language:
            yield text
        else:
            yield from (str(load_catalogue(code).texts.get(text, text)) for code in LANGUAGES)


def _read(kind: str, text: str) -> tuple[Any, Phrase | None]:
    if kind == KEY:
        name = latin_name(text)
        return (name, None) if name else (text, phrase("form.wrong.key"))
    if kind == "number":
        plain = re.sub(r"\s", "", text).replace(",", ".")
        return (plain, None) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else (text, phrase("form.wrong.number"))
    if kind == "date":
        day = _day(text)
        return (day.isoformat(), None) if day else (text, phrase("form.wrong.date"))
    if kind == "email" and not patterns.pattern_matches(_EMAIL, text):
        return text, phrase("form.wrong.email")
    if kind == "phone" and not (_PHONE.fullmatch(text) and sum(c.isdigit() for c in text) >= 5):
        return text, phrase("form.wrong.phone")
    return text, None


def _day(text: str) -> date | None:
    for shape in _DATES:
        if found := shape.fullmatch(text):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def named_answers(form: Form, answers: Answers, named_by: str, typed: Any) -> Answers:
    """Return what goes without asking now that a question was answered with what was ``typed``, by the names of others."""
    judged = {field.name: judge_answer(field, typed) for field in form.fields if field.named_by == named_by}
    return {name: kept for name, (kept, wrong) in judged.items() if kept and not (wrong or answers.get(name))}


def form_problems(form: Form, answers: Answers) -> dict[str, Phrase]:
    """Return what is wrong, by field; empty when the form may be submitted."""
    return dict(_problems(form, answers))


def _problems(form: Form, answers: Answers) -> Iterator[tuple[str, Phrase]]:
    for field in form.visible(answers):
        _, wrong = judge_answer(field, answers.get(field.name))
        if wrong:
            yield field.name, wrong
