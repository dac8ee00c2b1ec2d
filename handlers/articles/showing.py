"""What admins see of the answers: one with its counts, all of them, every version, and what a text would get."""

from handlers.articles import answering, remarks, validation
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import markdown, presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Part, RichText, bold_text, button_column, phrase
from handlers.vocabulary.stored_text import files_of
from handlers.vocabulary.translations import LANGUAGES, NAMES
from storage.desk.articles import ArticleRow, Version
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

PAGE = 8


def article_argument(turn: Turn) -> ArticleRow:
    """Return the article whose number a command or button gives."""
    number = number_in(turn.event.value.strip().partition(" ")[0])
    if number is None:
        raise Refused("usage", usage=f"/{turn.event.name} 12")
    return turn.tx.articles.get(number)


def editor_buttons(article: ArticleRow) -> tuple[tuple[Button, ...], ...]:
    """Return what an admin may do with an article."""
    switch = (
        presses.DisableArticle(article.id).button(phrase("article.off"))
        if article.enabled
        else presses.EnableArticle(article.id).button(phrase("article.on"))
    )
    return (
        (
            presses.EditArticle(article.id).button(phrase("article.edit")),
            presses.AddAlias(article.id).button(phrase("article.alias")),
            switch,
        ),
        (
            presses.ArticleHistory(article.id).button(phrase("article.history")),
            presses.DeleteArticle(article.id).button(phrase("article.delete"), danger=True),
        ),
    )


@on.press(presses.EditorArticle, role=Role.ADMIN, act="faq show")
@on.command("faq show", role=Role.ADMIN)
def show(turn: Turn) -> None:
    """An answer as people see it, with its aliases and its counts: /faq show 12."""
    show_to_admin(turn, article_argument(turn))


def show_to_admin(turn: Turn, article: ArticleRow) -> None:
    """Show an article to an admin."""
    aliases = "\n".join(f"– {text}" for text in article.aliases)
    counts = phrase("article.counts", shown=article.shown, helped=article.helped, not_helped=article.not_helped)
    state = () if article.enabled else (phrase("article.is_off"),)
    body = (bold_text(article.question), markdown.markdown_text(article.answer), RichText(aliases), counts, *state)
    told, rows = translations_told(turn, article)
    said, dropped = remarks.remarks_told(turn, article)
    turn.say(
        *(part for part in (*body, *told, *said) if part),
        title=f"#{article.id} · {article.section or '…'} · {NAMES.get(article.language, article.language)}",
        files=files_of(article.files),
        buttons=(*editor_buttons(article), *dropped, *rows),
    )


def translations_told(turn: Turn, article: ArticleRow) -> tuple[list[Part], tuple[tuple[Button, ...], ...]]:
    """Return which translations an article has and lacks, with what may be done about it; nothing in a desk of one language."""
    others = [one for one in turn.tx.articles.translations([article.root]) if one.id != article.id]
    spoken = {article.language, *(one.language for one in others)}
    missing = [language for language in turn.tx.articles.languages() if language not in spoken]
    told: list[Part] = []
    if others:
        names = [f"{NAMES.get(one.language, one.language)} #{one.id}" for one in others]
        told.append(phrase("article.translations", articles=names))
    if missing:
        told.append(phrase("article.untranslated", languages=[NAMES.get(each, each) for each in missing]))
    opens = [presses.EditorArticle(one.id).button(article_line(one)) for one in others]
    writes = [
        presses.TranslateArticle(article.id, each).button(phrase("article.translate", spoken=NAMES[each]))
        for each in missing
        if each in NAMES
    ]
    apart = [presses.UntieArticle(article.id).button(phrase("article.untie"))] if others else []
    return told, button_column(*opens, *writes, *apart)


@on.command("faq list", role=Role.ADMIN)
def list_(turn: Turn) -> None:
    """All answers with their counts: /faq list, /faq list section."""
    word = turn.event.value.strip()
    show_article_page(turn, section_named(turn, word) if word else "", 0)


def section_named(turn: Turn, word: str) -> str:
    """Return the section whose name is or begins with these words; the words themselves where there is none."""
    wanted = word.casefold()
    names = sorted({name for language in LANGUAGES for name, _ in turn.tx.articles.sections(language, every=True)})
    exact = [name for name in names if name.casefold() == wanted]
    return next(iter(exact or (name for name in names if name.casefold().startswith(wanted))), word)


@on.press(presses.EditorList, role=Role.ADMIN, act="faq list")
def list_page(turn: Turn) -> None:
    """Another page of the list."""
    asked = turn.pressed(presses.EditorList)
    show_article_page(
        turn,
        section_named(turn, asked.section) if asked.section else "",
        asked.offset,
        edits=turn.shown.outgoing_id if turn.shown else None,
    )


def show_article_page(turn: Turn, section: str, offset: int, edits: int | None = None) -> None:
    """Show a page of the list; votes against stand beside each answer that has any."""
    found, total = turn.tx.articles.page(section=section or None, offset=offset, limit=PAGE, every=True)
    if not found:
        turn.say(phrase("faq.none"), edits=edits)
        return
    lacking = turn.tx.articles.untranslated(limit=0)[1]
    key = section.encode()[:40].decode(errors="ignore")
    moves = [presses.EditorList(offset - PAGE, key).button("‹")] if offset else []
    moves += [presses.EditorList(offset + PAGE, key).button("›")] if offset + PAGE < total else []
    buttons = (
        *button_column(*(presses.EditorArticle(article.id).button(article_line(article)) for article in found)),
        *((tuple(moves),) if moves else ()),
        *(((presses.Untranslated(0).button(phrase("article.list_untranslated", n=lacking)),),) if lacking else ()),
    )
    turn.say(phrase("article.list", n=total), buttons=buttons, edits=edits)


def article_line(article: ArticleRow) -> str:
    """Return an article on one line, with how often it helped and how often it did not."""
    votes = f" 👍{article.helped} 👎{article.not_helped}" if article.helped or article.not_helped else ""
    return f"{'' if article.enabled else '⏸ '}#{article.id} {answering.short_question(article.question)[:40]}{votes}"


@on.press(presses.ArticleHistory, role=Role.ADMIN, act="faq history")
@on.command("faq history", role=Role.ADMIN)
def history(turn: Turn) -> None:
    """Every state an answer was in, each with a way back to it: /faq history 12."""
    number = number_in(turn.event.value)
    if number is None:
        raise Refused("usage", usage="/faq history 12")
    show_versions(turn, number, 0)


@on.press(presses.OlderVersions, role=Role.ADMIN, act="faq history")
def older(turn: Turn) -> None:
    """Another page of an answer's history."""
    asked = turn.pressed(presses.OlderVersions)
    show_versions(turn, asked.article, asked.offset, edits=turn.shown.outgoing_id if turn.shown else None)


def show_versions(turn: Turn, number: int, offset: int, edits: int | None = None) -> None:
    """Show a page of the states an answer was in, the newest first."""
    versions = turn.tx.articles.versions(number, offset=offset, limit=PAGE + 1)
    if not versions:
        raise Refused("no_article", article=number)
    shown = list(enumerate(versions[:PAGE], offset + 1))
    told = [version_line(turn, place, version) for place, version in shown]
    moves = [presses.OlderVersions(number, offset - PAGE).button("‹")] if offset else []
    moves += [presses.OlderVersions(number, offset + PAGE).button("›")] if len(versions) > PAGE else []
    buttons = (tuple(presses.RestoreVersion(version.id).button(str(place)) for place, version in shown), tuple(moves))
    turn.say(phrase("article.versions", article=number), *told, buttons=tuple(r for r in buttons if r), edits=edits)


def version_line(turn: Turn, number: int, version: Version) -> RichText:
    """Return a version on one line: when, what was done, the question then."""
    act = phrase(f"article_act.{version.act}")
    said = phrase("article.version", at=version.at, act=act, question=version.data["question"])
    return RichText(f"{number}. {turn.text(said, turn.here[1])}")


@on.press(presses.RestoreVersion, role=Role.ADMIN, act="faq edit")
def restore(turn: Turn) -> None:
    """An answer becomes what it was."""
    version = turn.tx.articles.version(turn.pressed(presses.RestoreVersion).version)
    was = version.data
    validation.check_phrasings(
        turn, [was["question"], *was["aliases"]], version.article_id, was["language"], was["answer"]
    )
    article = turn.tx.articles.restore(version, by=turn.person.id, at=turn.now)
    turn.audit(Deed.ARTICLE_RESTORED, article=article.id)
    show_to_admin(turn, article)


@on.command("faq test", role=Role.ADMIN)
def test(turn: Turn) -> None:
    """What a text would get, and why: /faq test how do I …"""
    text = turn.event.value.strip()
    if not text:
        raise Refused("usage", usage="/faq test …")
    language = turn.reader(turn.person).language
    verdict = turn.kb.find(turn.tx.articles, text, language)
    reading = turn.kb.explain(turn.tx.articles, text, language)
    told: list[Part] = [phrase("article.doubted")] if reading.doubted else []
    for candidate in verdict.candidates:
        for article in turn.tx.articles.of([candidate.article_id]):
            told.append(RichText(f"{candidate.confidence:.0%} #{article.id} {article.question} ← {candidate.phrasing}"))
            before = next(
                (one.confidence for one in reading.candidates if one.article_id == candidate.article_id), None
            )
            if before is not None and round(before, 2) != round(candidate.confidence, 2):
                counts = {"helped": article.helped, "not_helped": article.not_helped}
                told.append(phrase("article.votes_moved", before=f"{before:.0%}", **counts))
    name = type(verdict).__name__.lower()
    turn.say(
        phrase(f"verdict.{name}"),
        phrase("article.read_as", how=reading.how or "—", words=" ".join(reading.words) or "—"),
        *told,
    )
