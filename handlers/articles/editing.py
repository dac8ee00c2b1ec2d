"""Curating the answers in chat: add, edit, alias, turn off, delete, show, list, history, test."""

from handlers.articles import showing, validation
from handlers.turns import form_dialog, form_view, permissions
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import markdown, presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import NOTHING, DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import button_row, phrase
from handlers.vocabulary.translations import LANGUAGES, NAMES
from storage.desk.articles import ArticleRow
from storage.lifecycle import Refused
from storage.models import Role
from storage.types import Answers

on = Routes()

FORM = Form(
    "article",
    {"": "article.title"},
    (
        Field("question", {"": "article.question"}, "long_text", limit=300),
        Field("answer", {"": "article.answer"}, "long_text", {"": "article.answer_hint"}, limit=12_000),
        Field(
            "aliases", {"": "article.aliases"}, "long_text", {"": "article.aliases_hint"}, required=False, limit=6000
        ),
        Field("section", {"": "article.section"}, hint={"": "article.section_hint"}, required=False, limit=64),
        Field(
            "language", {"": "article.language"}, "choice", choices={code: {"en": NAMES[code]} for code in LANGUAGES}
        ),
    ),
)


@on.command("faq add", role=Role.ADMIN)
def add(turn: Turn) -> None:
    """A new answer, asked for step by step: /faq add, or at once: /faq add question = answer."""
    question, equals, answer = (part.strip() for part in turn.event.value.partition("="))
    if equals and question and answer:
        save_article(turn, {"question": question, "answer": answer, "language": turn.reader(turn.person).language})
        return
    open_article_form(turn, {name: text for name, text in (("question", question), ("answer", answer)) if text})


def open_article_form(turn: Turn, answers: Answers, about: DraftFacts = NOTHING) -> None:
    """Open the article's form with what is known already."""
    form_dialog.open_form(continue_in_private(turn), FORM, answers=answers, about=about)


@on.command("faq edit", role=Role.ADMIN)
def edit(turn: Turn) -> None:
    """An answer is changed, each part by its button: /faq edit 12."""
    article = showing.article_argument(turn)
    answers = {name: getattr(article, name) for name in ("question", "answer", "section", "language")}
    answers["aliases"] = "\n".join(article.aliases)
    if article.files:
        answers[form_view.FILES] = [dict(file) for file in article.files]
    open_article_form(turn, answers, DraftFacts(article=article.id))


@on.submit("article", role=Role.AGENT, act="")
def submitted(turn: Turn) -> None:
    """The article is written: it answers from the next question on."""
    save_article(turn, turn.event.answers, turn.event.about)


def save_article(turn: Turn, answers: Answers, about: DraftFacts = NOTHING) -> ArticleRow:
    """Write an article, new or changed, and return it; a question that another article has is refused by its number."""
    question = " ".join(answers["question"].split())
    texts = other_ways(question, str(answers.get("aliases") or ""))
    number = about.article
    permissions.must_may(turn, "faq edit" if number else "faq add")
    validation.check_phrasings(turn, [question, *texts], number, answers["language"], answers["answer"])
    validation.check_links(turn, answers["answer"])
    values = {
        "question": question,
        "answer": answers["answer"].strip(),
        "section": (answers.get("section") or "").strip(),
        "language": answers["language"],
        "files": answers.get(form_view.FILES) or [],
    }
    by, at = turn.person.id, turn.now
    if number is None:
        if about.translates:
            must_be_untold(turn, about.translates, [answers["language"]])
        article = turn.tx.articles.add(by=by, at=at, aliases=texts, translates=about.translates, **values)
    else:
        article = turn.tx.articles.change(number, "edit", by=by, at=at, aliases=texts, **values)
    turn.audit(Deed.ARTICLE_EDITED if number else Deed.ARTICLE_ADDED, article=article.id)
    if about.gap:
        turn.tx.records.outcome(about.gap, "written")
    live, buttons = (
        phrase("article.live", article=article.id, question=article.question),
        showing.editor_buttons(article),
    )
    if markdown.reads_as_typed(article.answer):
        turn.say(live, buttons=buttons)
    else:
        as_typed = button_row(presses.KeepTyped(article.id).button(phrase("article.keep_typed")))
        turn.say(live, phrase("article.reads"), markdown.markdown_text(article.answer), buttons=(*as_typed, *buttons))
    return article


def must_be_untold(turn: Turn, root: int, languages: list[str]) -> None:
    """Refuse a second article in one language among those that say the same."""
    for one in turn.tx.articles.translations([root]):
        if one.language in languages:
            raise Refused("article_told", article=one.id, spoken=NAMES.get(one.language, one.language))


@on.press(presses.KeepTyped, role=Role.ADMIN, act="faq edit")
def keep_typed(turn: Turn) -> None:
    """The answer is read sign by sign as it was typed: nothing in it is formatting."""
    article = showing.article_argument(turn)
    if not markdown.reads_as_typed(article.answer):
        answer = markdown.escaped_markdown(article.answer)
        article = turn.tx.articles.change(article.id, "edit", by=turn.person.id, at=turn.now, answer=answer)
        turn.audit(Deed.ARTICLE_EDITED, article=article.id)
    showing.show_to_admin(turn, article)


def other_ways(question: str, lines: str) -> list[str]:
    """Return the ways to ask that stand one a line, without those that repeat the question or one another."""
    told = {question.casefold(): ""}
    for line in lines.splitlines():
        text = " ".join(line.split())
        told.setdefault(text.casefold(), text)
    return [text for text in told.values() if text]


@on.press(presses.EditArticle, role=Role.ADMIN, act="faq edit")
def edit_pressed(turn: Turn) -> None:
    """An answer is changed by its button."""
    edit(turn)


ALIAS = Form(
    "alias", {"": "article.alias"}, (Field("aliases", {"": "article.aliases"}, "long_text", limit=6000),), review=False
)


@on.press(presses.AddAlias, role=Role.ADMIN, act="faq alias")
def alias_pressed(turn: Turn) -> None:
    """Another way to ask is asked for: adding one is effortless."""
    form_dialog.open_form(continue_in_private(turn), ALIAS, about=DraftFacts(article=showing.article_argument(turn).id))


@on.submit("alias", role=Role.ADMIN, act="faq alias")
def alias_written(turn: Turn) -> None:
    """The new ways to ask answer from the next question on."""
    article = turn.tx.articles.get(of_draft(turn.event.about.article))
    add_aliases(turn, article, other_ways(article.question, str(turn.event.answers["aliases"])))


@on.command("faq alias", role=Role.ADMIN)
def alias(turn: Turn) -> None:
    """Another way to ask an answer's question: /faq alias 12 how do I …"""
    article = showing.article_argument(turn)
    text = turn.event.value.strip().partition(" ")[2].strip()
    if not text:
        raise Refused("usage", usage="/faq alias 12 …")
    add_aliases(turn, article, [text])


def add_aliases(turn: Turn, article: ArticleRow, texts: list[str]) -> None:
    """Add ways to ask, those it has already left out."""
    known = {said.casefold() for said in (article.question, *article.aliases)}
    fresh = [text for text in dict.fromkeys(texts) if text.casefold() not in known]
    validation.check_phrasings(turn, fresh, article.id, article.language)
    if fresh:
        turn.tx.articles.change(article.id, "alias", by=turn.person.id, at=turn.now, aliases=[*article.aliases, *fresh])
        turn.audit(Deed.ALIAS_ADDED, article=article.id)
    turn.say(phrase("article.aliases_now", article=article.id, n=len(article.aliases) + len(fresh)))


@on.press(presses.DisableArticle, role=Role.ADMIN, act="faq off")
@on.command("faq off", role=Role.ADMIN)
def off(turn: Turn) -> None:
    """An answer is turned off; it can be turned on again."""
    switch_article(turn, on_=False)


@on.press(presses.EnableArticle, role=Role.ADMIN, act="faq on")
@on.command("faq on", role=Role.ADMIN)
def turn_on(turn: Turn) -> None:
    """An answer that was turned off answers again."""
    switch_article(turn, on_=True)


def switch_article(turn: Turn, *, on_: bool) -> None:
    """Turn an answer on or off and show it as it is."""
    changed = turn.tx.articles.change(
        showing.article_argument(turn).id, "on" if on_ else "off", by=turn.person.id, at=turn.now, enabled=on_
    )
    turn.audit(Deed.ARTICLE_ON if on_ else Deed.ARTICLE_OFF, article=changed.id)
    showing.show_to_admin(turn, changed)


@on.press(presses.DeleteArticle, role=Role.ADMIN, act="faq delete")
@on.command("faq delete", role=Role.ADMIN)
def delete(turn: Turn) -> None:
    """An answer is deleted, after one question; its history can bring it back."""
    article = showing.article_argument(turn)
    buttons = button_row(
        presses.ConfirmDelete(article.id).button(phrase("article.delete"), danger=True),
        presses.EditorArticle(article.id).button(phrase("form.cancel")),
    )
    sure = phrase("article.sure_delete", article=article.id, question=article.question)
    leading = turn.tx.articles.leading_to(article.id)
    turn.say(
        sure,
        *([phrase("article.linked_from", articles=[f"#{one}" for one in leading])] if leading else []),
        buttons=buttons,
    )


@on.press(presses.ConfirmDelete, role=Role.ADMIN, act="faq delete")
def gone(turn: Turn) -> None:
    """The answer is deleted."""
    article = showing.article_argument(turn)
    turn.tx.articles.remove(article.id, by=turn.person.id, at=turn.now)
    turn.audit(Deed.ARTICLE_DELETED, article=article.id)
    shown = turn.shown.outgoing_id if turn.shown else None
    turn.say(
        phrase("article.deleted", article=article.id),
        buttons=button_row(presses.ArticleHistory(article.id).button(phrase("article.history"))),
        edits=shown,
    )
