"""What a half-filled form remembers besides its answers: what it is about, and in which messages it was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Annotated, Any

from pydantic import GetPydanticSchema

from storage.queues.spoken import Said

AS_STORED = GetPydanticSchema(lambda _type, handler: handler(Any))  # what an older version wrote down is read as it is
_STORED = {"requester": "for", "form_field": "field"}  # the words of drafts that are stored, where ours is another


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What a form was opened with; it stays with the draft until it is submitted or dropped."""

    ticket: int | None = None  # what an agent's words, tags or time, or a requester's correction or comment go to
    message: int | None = None  # a reply that gets other words
    article: int | None = None
    translates: int | None = None  # the article that a new one says in another language
    gap: int | None = None  # the unanswered question that an article answers
    outage: int | None = None
    seat: int | None = None  # of somebody who is asked for their yes, and says why they give none
    approval: int | None = None  # what the requester answers before it
    verdict: int | None = None  # the question that a request began as
    previous: int | None = None  # the request that it follows
    apart: int | None = None  # another request's message that it begins with
    requester: int | None = None  # whose request an agent makes: an account
    form_field: str = ""  # of a submitted form, which is corrected
    until: str = ""  # when typed words are no answer any more, ISO
    suggested: bool = False  # an answer was offered beside it
    entry: str = ""  # of the rules, that is changed or added
    adding: bool = False
    was: Mapping[str, Any] | None = None  # that entry as it was then
    guest: int | None = None  # whom an agent's words go to: a person
    said: Annotated[Said | None, AS_STORED] = None  # what it was begun with
    typed: Mapping[str, Sequence[Sequence[str]]] = field(  # form field: the native messages of its answer
        default_factory=dict
    )

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "DraftFacts":
        """Return what was stored with a draft; what this version knows nothing of is left out.

        ``stored`` is what ``dump`` returned, of this version or one before.
        """
        named = {each.name: _STORED.get(each.name, each.name) for each in fields(cls)}
        return cls(**{name: stored[old] for name, old in named.items() if stored.get(old) is not None})

    def dump(self) -> dict[str, Any]:
        """Return what says something as it is stored."""
        found = {_STORED.get(each.name, each.name): getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in found.items() if value not in (None, "", False, {})}


NOTHING = DraftFacts()


def of_draft(number: int | None) -> int:
    """Return a number that a form is always opened with; raise LookupError where its draft has none."""
    if number is None:
        raise LookupError("the form was opened about nothing")
    return number
