"""Which asset is meant: by its number, else by a few letters of what is known of it; nobody is shown what they may not see."""

from collections.abc import Sequence
from typing import Any

from handlers.turns.turn import Turn
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Field, judge_answer
from handlers.vocabulary.messages import Phrase, phrase
from kb import measure_likeness
from storage.desk.request_types import Draft
from storage.models import Role
from storage.people.assets import Asset, Reach, asset_words
from storage.people.people import Person

SHOWN = 8  # assets that some letters may mean
RANKED = 100  # assets of a slip that are compared with what was typed
SLIPS, LONGEST_SLIP = 3, 12  # words that may have one; letters of one that are looked at
LOOKED_AT = 2_000  # assets that begin as one does, looked at
ALIKE = 0.15  # below it two are nothing like each other
LIST = 100  # options of a list in a window


def person_reach(turn: Turn, person_id: int, kinds: Sequence[str] = ()) -> Reach:
    """Return which assets somebody may see: those they have, and their company's."""
    return Reach(person_id, turn.tx.companies.id_of(person_id), tuple(kinds))


def in_reach(one: Asset, reach: Reach) -> bool:
    """Return whether an asset is among those meant."""
    own = one.person_id is not None and one.person_id == reach.person
    shared = one.company_id is not None and one.company_id == reach.company
    fits = not reach.kinds or one.kind in reach.kinds
    return one.retired_at is None and fits and (reach.everybody or own or shared)


def near_assets(turn: Turn, said: str, reach: Reach, limit: int = SHOWN) -> list[Asset]:
    """Return the assets that are meant: the one of this number, those that have these words, else what is most like them."""
    words = asset_words((said,))
    if not words:
        return turn.tx.assets.within(reach, limit)
    exact = turn.tx.assets.numbered(said)
    if exact is not None and in_reach(exact, reach):
        return [exact]
    whole = turn.tx.assets.having(words, reach, limit)
    return sorted(whole, key=lambda one: one.number_key) or _alike(turn, said, words, reach, limit)


def _has(one: Asset, words: Sequence[str]) -> bool:
    known = asset_words((one.number, one.number_key, one.name, *one.fields.values()))
    return all(any(each.startswith(word) for each in known) for word in words)


def _alike(turn: Turn, said: str, words: Sequence[str], reach: Reach, limit: int) -> list[Asset]:
    """Return what is most like words with a slip in them: what begins as they do, as far as anything does."""
    begun = (_begun_like(turn, word, reach) for word in words[:SLIPS])
    found = {one.id: one for some in begun for one in some}
    likeness = measure_likeness(said, [one.title for one in found.values()])
    ranked = sorted(zip(likeness, found.values(), strict=True), key=lambda each: (-each[0], each[1].number_key))
    return [one for alike, one in ranked if alike >= ALIKE][:limit]


def _begun_like(turn: Turn, word: str, reach: Reach) -> list[Asset]:
    """Return the assets that have as much of a word's beginning as any has, two letters at the least."""
    beginnings = (word[:length] for length in range(min(len(word), LONGEST_SLIP), 1, -1))
    found = (turn.tx.assets.having([begins], reach, RANKED, LOOKED_AT) for begins in beginnings)
    return next((some for some in found if some), [])


# In a form


def form_reach(turn: Turn, person: Person, field: Field) -> Reach:
    """Return which assets may answer a field: to one of the team all of them, to others their own and their company's."""
    if person.may(Role.AGENT):
        return Reach(kinds=field.of, everybody=True)
    return person_reach(turn, person.id, field.of)


def offered_assets(turn: Turn, draft: Draft, field: Field, typed: str) -> list[Asset]:
    """Return the assets to choose among: those that were meant by what was typed, at first those of whose request it is."""
    if typed.strip():
        return near_assets(turn, typed, form_reach(turn, turn.person, field))
    return turn.tx.assets.within(own_reach(turn, draft, field), SHOWN)


def own_reach(turn: Turn, draft: Draft, field: Field) -> Reach:
    """Return the assets of whoever the form is filled for."""
    account = DraftFacts.read(draft.facts).requester
    person = turn.tx.people.of_account(account).id if account else turn.person.id
    return person_reach(turn, person, field.of)


def judge_own_answer(turn: Turn, person: Person, field: Field, answer: Any) -> tuple[Any, Phrase | None]:
    """Return somebody's answer as it is kept, and what is wrong with it; an asset is one that they may name, by its number."""
    kept, wrong = judge_answer(field, answer)
    if wrong is not None or field.kind != "asset" or not kept:
        return kept, wrong
    meant = answering_asset(turn, person, field, str(kept))
    return (meant.number, None) if meant is not None else (kept, phrase("form.wrong.asset"))


def answering_asset(turn: Turn, person: Person, field: Field, typed: str) -> Asset | None:
    """Return the asset that somebody's answer names by its number, or surely means; None where it may be several, or none."""
    exact = turn.tx.assets.numbered(typed)
    reach = form_reach(turn, person, field)
    if exact is not None and (in_reach(exact, reach) or _anyones(field, exact)):
        return exact
    if exact is not None:
        return None  # somebody else's: not even that it exists is said
    near = [one for one in near_assets(turn, typed, reach, 2) if _has(one, asset_words((typed,)))]
    return near[0] if len(near) == 1 else None


def _anyones(field: Field, one: Asset) -> bool:
    """Return whether a field takes anybody's asset, by its whole number as it stands on its label."""
    return field.whose == "all" and one.retired_at is None and (not field.of or one.kind in field.of)


def listed_assets(turn: Turn, draft: Draft, field: Field) -> list[Asset]:
    """Return the assets of a list in a window; none where they are too many for it, and a number is typed."""
    found = turn.tx.assets.within(own_reach(turn, draft, field), LIST + 1)
    typed = len(found) > LIST or field.whose == "all" or turn.person.may(Role.AGENT)
    return [] if typed else found
