"""What a file is fetched for: it travels with the promise, stands in what is asked about it, and comes back with its content."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Protocol, Self, TypedDict

from storage.queues.spoken import StoredFile

SHOW, TAKE = "faq_import", "faq_take"  # what it would do to the articles is shown; it is done
WEBHOOK_TEST = "webhook_test"  # what a webhook answers to a test is told
ASSETS = "asset_import"  # what a table would do to the assets is shown
COMPANIES = "company_import"  # what a table would change of the companies is shown
ANSWER_CODE, SHOW_CODE = "code_answer", "code_show"  # an asset by the code on a photo: it is an answer, it is shown
UNFETCHED = "unfetched"  # the file could not be had, whatever it was for


class FetchAsked(Protocol):
    """What travels with a file that is fetched."""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return what was written down; ``stored``: values by the names of the fields."""
        ...


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """The question that a photo's code is to answer: a half-filled form, and where it stood then."""

    draft: int
    step: str

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return what travelled with the file; ``stored``: {"draft", "step"} among others."""
        return cls(int(stored["draft"]), str(stored["step"]))


@dataclass(frozen=True, slots=True)
class ArticlesFile:
    """A file of articles that somebody sent, and how it is meant."""

    account: int  # of whoever sent it
    again: Sequence[StoredFile] = ()  # the file itself
    then: str = SHOW
    language: str = "en"  # where a text's own does not show
    columns: Mapping[str, int] = field(default_factory=dict)  # of a table: field -> place of its column, from 0
    charset: str | None = None
    headings: Sequence[tuple[str, str]] = ()  # of a table: each column's place as people call it, and how it begins
    revision: int | None = None  # of the articles that it was shown beside
    rest: bool = False  # what is not refused is wanted without what is
    token: str = ""  # of the import that is done

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return what was written down; ``stored`` is what ``dump`` returned, of this version or one before."""
        names = [each.name for each in fields(cls)]
        return cls(**{name: stored[name] for name in names if stored.get(name) is not None})

    def dump(self) -> dict[str, Any]:
        """Return what says something as JSON data."""
        said = ((each, getattr(self, each.name)) for each in fields(self))
        return {each.name: value for each, value in said if value or value != _default(each)}


def _default(of: Any) -> Any:
    return of.default_factory() if of.default_factory is not MISSING else of.default


class ArticlesRead(TypedDict, total=False):
    """What was read of such a file: why it cannot be taken, or what it would do; or, once it was taken, what it did."""

    problems: Sequence[Sequence[Any]]  # the first: kb.files.validation.Problem, value by value
    wrong: int  # how many there are
    revision: int
    added: int
    changed: int
    same: int
    tied: int  # articles, of the new and the changed, that are translations of another
    alone: int  # articles that it does not speak of
    new: Sequence[tuple[str, str, str, str]]  # some: question, answer, section, language
    edited: Sequence[tuple[int, str, Sequence[str]]]  # some: number, question, which parts
    clashes: Sequence[Sequence[Any]]  # some, as problems: where file and desk disagree
    clashing: int
    left_out: Sequence[Sequence[Any]]  # some, as problems: what is no article
    leaving: int
    columns: Mapping[str, str]  # part (and language) -> place as people call it
    unsure: Sequence[str]
    headings: Sequence[tuple[str, str]] | None
    charset: str
    taken: str  # the import's token
