"""A question for an asset is answered by a photo of the code on it."""

from handlers.turns import form_dialog
from handlers.turns.asset_search import answering_asset
from handlers.turns.choice_lists import form_of_draft
from handlers.turns.photo_code import asset_with, codes_of
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.fetches import ANSWER_CODE, CodeAsked
from handlers.vocabulary.messages import phrase

on = Routes()


@on.fetched(ANSWER_CODE)
def answered(turn: Turn) -> None:
    """The photo was read: the asset on it is the answer, if it is still asked for and theirs to name."""
    asked = turn.fetched_for(CodeAsked)
    draft = turn.tx.drafts.get(asked.draft)
    if draft is None or draft.person_id != turn.person.id or not draft.waiting:
        return
    form = form_of_draft(turn, draft)
    field = form.field(draft.step)
    if field is None or field.name != asked.step:
        return
    codes = codes_of(turn)
    found = asset_with(turn, codes)
    meant = answering_asset(turn, turn.person, field, found.number) if found is not None else None
    if meant is not None:
        form_dialog.keep_answer(turn, draft, form, field, meant.number)
        return
    wrong = phrase("form.wrong.asset") if codes else phrase("form.wrong.no_code")
    form_dialog.show_step(turn, draft, form, wrong=wrong, typed=codes[0] if codes else "")
