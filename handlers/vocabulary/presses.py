"""What a press of each button carries: ids and keys, never content. Buttons stay in chats for years: so do names and shapes.

A class is one button: its name on the wire, and its fields in the order they are joined by points. From these follow the shape
that a press must have to be heard, how it is read, and that it fits the 64 bytes that Telegram gives a button.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Self, dataclass_transform, get_args, get_origin, get_type_hints

from handlers.vocabulary.messages import Button, Phrase

BYTES = 64  # of a button's data on Telegram, the name and a colon among them


@dataclass(frozen=True, slots=True)
class Shape:
    """How a field looks on the wire: a pattern, and the most characters it can have."""

    pattern: str
    most: int


ID = Shape(r"\d{1,18}", 18)
Count = Annotated[int, Shape(r"\d{1,4}", 4)]
Offset = Annotated[int, Shape(r"\d{1,9}", 9)]
Token = Annotated[str, Shape(r"[0-9a-f]{8}", 8)]
Query = Annotated[str, Shape(r"\d{1,18}\.[0-9a-f]{8}", 27)]  # whose question, and its digest: turns/recent_queries.py
RuleName = Annotated[str, Shape(r"[a-z][a-z0-9_]{0,31}", 32)]
RulePlace = Annotated[str, Shape(r"[a-z_]+(?:\.[a-z0-9_.~]+)?", 47)]  # admin/rules_editor/addresses.py
Word = Annotated[str, Shape(r"[a-z_]{1,24}", 24)]


@dataclass_transform(frozen_default=True)
class ButtonData:
    """What one button carries; a subclass names it."""

    name: ClassVar[str] = ""
    shape: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str = "") -> None:
        """Make it a record; raise ValueError where it could be longer than a button may be."""
        super().__init_subclass__()
        dataclass(frozen=True)(cls)
        if not name:
            return
        cls.name = name
        shapes = [_shape(hint) for hint in _hints(cls).values()]
        longest = len(name) + len(":") + sum(shape.most for shape, _ in shapes) + max(0, len(shapes) - 1)
        if longest > BYTES:
            raise ValueError(f"button {name!r}: its data may have {longest} characters, and {BYTES} is the most")
        cls.shape = "".join(
            _joined(shape, optional=optional, first=not at) for at, (shape, optional) in enumerate(shapes)
        )

    @property
    def value(self) -> str:
        """Return the fields as they go over the wire."""
        return ".".join(str(value) for f in fields(self) if (value := getattr(self, f.name)) is not None)  # type: ignore[arg-type]

    @classmethod
    def read(cls, value: str) -> Self:
        """Return the fields of a press; raise ValueError where it has another shape."""
        if not re.fullmatch(cls.shape, value):
            raise ValueError(f"{cls.name}: {value!r} is not {cls.shape}")
        hints = _hints(cls)
        found: dict[str, Any] = {}
        left = value
        for at, (name, hint) in enumerate(hints.items()):
            shape, _ = _shape(hint)
            mark = re.match(shape.pattern if at == len(hints) - 1 else rf"(?:{shape.pattern})(?=\.|$)", left)
            if mark is None:
                break  # the last one was left out
            found[name] = int(mark[0]) if _is_number(hint) else mark[0]
            left = left[mark.end() :].removeprefix(".")
        return cls(**found)

    def button(
        self,
        label: "Phrase | Mapping[str, str] | str",
        *,
        danger: bool = False,
        menu: tuple[Button, ...] = (),
    ) -> Button:
        """Return the button with a label; a mapping is {language: text}."""
        return Button(label, self.name, self.value, danger, "", menu)


def _hints(cls: type) -> Mapping[str, Any]:
    hints = get_type_hints(cls, include_extras=True)
    return {name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar}


def _shape(hint: Any) -> tuple[Shape, bool]:
    """Return how a field of a type looks, and whether it may be left out."""
    arguments = get_args(hint)
    if type(None) in arguments:
        return _shape(next(one for one in arguments if one is not type(None)))[0], True
    if get_origin(hint) is Annotated:
        return next(one for one in arguments if isinstance(one, Shape)), False
    if hint is int:
        return ID, False
    raise TypeError(f"{hint}: a button carries numbers, and words of a named shape")


def _joined(shape: Shape, *, optional: bool, first: bool) -> str:
    pattern = f"(?:{shape.pattern})" if "|" in shape.pattern else shape.pattern
    pattern = pattern if first else rf"\.{pattern}"
    return f"(?:{pattern})?" if optional else pattern


def _is_number(hint: Any) -> bool:
    arguments = get_args(hint)
    return hint is int or int in arguments


class Claim(ButtonData, name="claim"):
    """Take a waiting ticket."""

    ticket: int


class Release(ButtonData, name="release"):
    """Put a ticket back into the queue."""

    ticket: int


class Assign(ButtonData, name="assign"):
    """Ask whom to give a ticket to."""

    ticket: int


class Give(ButtonData, name="give"):
    """Give a ticket to an agent."""

    ticket: int
    person: int


class Reply(ButtonData, name="reply"):
    """Ask for a reply's words."""

    ticket: int


class Note(ButtonData, name="note"):
    """Ask for a note's words."""

    ticket: int


class Resolve(ButtonData, name="resolve"):
    """Say that a ticket is done."""

    ticket: int


class ResolveNow(ButtonData, name="resolve_now"):
    """Say that a ticket is done although nobody has answered."""

    ticket: int


class Redact(ButtonData, name="redact"):
    """Black a message out whole."""

    message: int


class TakeOver(ButtonData, name="take_over"):
    """Take a ticket from whoever has it."""

    ticket: int
    owner: int


class SendNote(ButtonData, name="send_note"):
    """Send a note to the requester after all."""

    message: int


class Rephrase(ButtonData, name="rephrase"):
    """Ask for other words in the place of a reply."""

    message: int


class Unmerge(ButtonData, name="unmerge"):
    """Undo a merge."""

    gone: int
    kept: int


class AllHelp(ButtonData, name="help_all"):
    """Show every command."""


class Reopen(ButtonData, name="reopen"):
    """Take a resolved ticket up again."""

    ticket: int


class Close(ButtonData, name="close"):
    """Close a ticket without asking."""

    ticket: int


class Hold(ButtonData, name="hold"):
    """Let a ticket wait for something."""

    ticket: int


class Unhold(ButtonData, name="unhold"):
    """Say that what a ticket waited for is there."""

    ticket: int


class SetPriority(ButtonData, name="priority"):
    """Make a ticket more or less urgent."""

    ticket: int
    priority: Word


class More(ButtonData, name="more"):
    """Show what a card's rarer buttons are about, or those of one group."""

    ticket: int
    group: Word | None = None


class Less(ButtonData, name="less"):
    """Show a card's first buttons again."""

    ticket: int


class OpenCard(ButtonData, name="card"):
    """Show a ticket's card here."""

    ticket: int


class OpenAsset(ButtonData, name="asset"):
    """Show what is known of an asset."""

    asset: int


class AssetHistory(ButtonData, name="asset_all"):
    """List every request about an asset."""

    asset: int


class PickAsset(ButtonData, name="pick_asset"):
    """Answer a question of a form with an asset."""

    draft: int
    step: Count
    asset: int


class Move(ButtonData, name="move"):
    """Bring a ticket to a status of its workflow."""

    ticket: int
    status: RuleName


class Checklist(ButtonData, name="checklist"):
    """Show a ticket's checklist as buttons."""

    ticket: int


class Check(ButtonData, name="check"):
    """Say that an item of a ticket's checklist is done (1), or is to be done again (0): pressed twice, it is so once."""

    ticket: int
    done: Annotated[int, Shape(r"[01]", 1)]
    item: RuleName


class Approve(ButtonData, name="approve"):
    """Say yes to what one is asked, as far as one has read it: how its digest began when the button was drawn."""

    seat: int
    shown: Token | None = None  # buttons once had the seat alone


class Decline(ButtonData, name="decline"):
    """Say no to what one is asked."""

    seat: int


class AskChanges(ButtonData, name="ask_changes"):
    """Have something answered or changed before one decides."""

    seat: int


class AnswerApproval(ButtonData, name="answer_approval"):
    """Answer what was asked before a yes."""

    approval: int


class ShowApproval(ButtonData, name="approval"):
    """Show what may be done about the yes that a request waits for."""

    ticket: int


class WithdrawApproval(ButtonData, name="withdraw_yes"):
    """Ask for a yes no more."""

    ticket: int


class AskApprovalAgain(ButtonData, name="ask_yes_again"):
    """Ask for a yes anew, with what the requester has written since."""

    ticket: int


class Every(ButtonData, name="every"):
    """Show a recurrence."""

    recurrence: int


class EveryGo(ButtonData, name="every_go"):
    """Let a recurrence make requests: from now on, or again."""

    recurrence: int


class EveryPause(ButtonData, name="every_pause"):
    """Let a recurrence make none until it is resumed."""

    recurrence: int


class EveryDelete(ButtonData, name="every_delete"):
    """Take a recurrence away."""

    recurrence: int


class EveryPart(ButtonData, name="every_part"):
    """Show what may be chosen of a recurrence: its parts, or the ways of one of them."""

    recurrence: int
    part: Word | None = None


class EveryType(ButtonData, name="every_type"):
    """Let a recurrence make requests of a type."""

    recurrence: int
    kind: RuleName


class EveryGroup(ButtonData, name="every_group"):
    """Let a recurrence's requests be a group's, or whose their type says."""

    recurrence: int
    group: RuleName | None = None


class EveryPriority(ButtonData, name="every_prio"):
    """Let a recurrence's requests have a priority, or their type's."""

    recurrence: int
    priority: Word | None = None


class EveryHolidays(ButtonData, name="every_days"):
    """Say what becomes of a recurrence on a day on which nobody works."""

    recurrence: int
    way: Word


class EveryAgain(ButtonData, name="every_again"):
    """Say what becomes of a recurrence where the last request is still open."""

    recurrence: int
    way: Word


class EveryFor(ButtonData, name="every_for"):
    """Let a recurrence make one request, or one for each company."""

    recurrence: int
    whom: Word


class EveryForAssets(ButtonData, name="every_assets"):
    """Let a recurrence make one request for each asset of a kind."""

    recurrence: int
    kind: Word


class ShowKnown(ButtonData, name="known"):
    """Show what is known of a problem."""

    ticket: int


class ChangeKnown(ButtonData, name="known_edit"):
    """Ask what is known of a problem."""

    ticket: int


class Secrets(ButtonData, name="secret"):
    """Ask which secret answer of a ticket to show."""

    ticket: int


class ShowSecret(ButtonData, name="reveal"):
    """Show a secret answer to whoever presses: of a ticket, at a place among its secrets by name."""

    ticket: int
    place: Count


class Snooze(ButtonData, name="snooze"):
    """Ask until when to put a ticket aside."""

    ticket: int


class SnoozeUntil(ButtonData, name="doze"):
    """Put a ticket aside."""

    ticket: int
    until: Annotated[str, Shape(r"1h|4h|tomorrow|monday", 8)]


class Retype(ButtonData, name="retype"):
    """Ask which type a ticket is to have."""

    ticket: int


class RetypeTo(ButtonData, name="as"):
    """Give a ticket another type."""

    ticket: int
    type: RuleName


class Escalate(ButtonData, name="escalate"):
    """Bring a ticket to the group above."""

    ticket: int


class Merge(ButtonData, name="merge"):
    """Ask which ticket to merge with."""

    ticket: int


class MergeInto(ButtonData, name="join"):
    """Let a ticket go on in another."""

    ticket: int
    into: int


class Spam(ButtonData, name="spam"):
    """Close a ticket without a word to whoever sent it."""

    ticket: int


class Similar(ButtonData, name="similar"):
    """Show requests like a ticket that were answered."""

    ticket: int


class Watch(ButtonData, name="watch"):
    """Watch a ticket, or watch it no more."""

    ticket: int


class Helpers(ButtonData, name="helpers"):
    """Choose who helps with a ticket."""

    ticket: int


class HelpWith(ButtonData, name="with"):
    """Let somebody help with a ticket (1), or help no more (0)."""

    ticket: int
    person: int
    on: Count


class Plan(ButtonData, name="plan"):
    """Ask when somebody is to see to a ticket."""

    ticket: int


class PlanOff(ButtonData, name="plan_off"):
    """Take a plan back, as often as it was changed then."""

    plan: int
    sequence: Count


class PlanFile(ButtonData, name="plan_file"):
    """A plan as a calendar file, for the team."""

    plan: int


class PlanCalendar(ButtonData, name="plan_calendar"):
    """A plan as a calendar file, for a requester; ``ticket`` is theirs."""

    ticket: int
    plan: int


class PlansOf(ButtonData, name="plans"):
    """What is planned for somebody of the team in some days, from one on (its number: date.toordinal)."""

    days: Count
    first: Offset
    person: int


class PlansOfGroup(ButtonData, name="plans_group"):
    """The same of a group."""

    days: Count
    first: Offset
    group: RuleName


class PlansFile(ButtonData, name="plans_file"):
    """The same of somebody as a calendar file."""

    days: Count
    first: Offset
    person: int


class SwapYes(ButtonData, name="swap_yes"):
    """Agree to swap two shifts: both overrides."""

    first: int
    second: int


class SwapNo(ButtonData, name="swap_no"):
    """Do not agree to swap two shifts."""

    first: int
    second: int


class PlanSuits(ButtonData, name="plan_suits"):
    """A requester says that a planned time suits them; ``ticket`` is theirs."""

    ticket: int
    plan: int
    sequence: Count


class PlanOther(ButtonData, name="plan_other"):
    """A requester asks for another time."""

    ticket: int
    plan: int
    sequence: Count


class TellGuest(ButtonData, name="guest_tell"):
    """Ask for words for a guest of a ticket."""

    ticket: int
    person: int


class ShowGuest(ButtonData, name="guest_show"):
    """Let a guest read what a ticket's requester wrote."""

    ticket: int
    person: int


class TakeGuest(ButtonData, name="guest_off"):
    """Let somebody be a guest of a ticket no more."""

    ticket: int
    person: int


class InviteGuest(ButtonData, name="guest_in"):
    """Let somebody in as a guest of a ticket: the one of several of a name."""

    ticket: int
    person: int


class PassOn(ButtonData, name="guest_pass"):
    """Send what a guest wrote to the requester."""

    message: int


class Visit(ButtonData, name="visit"):
    """Show a guest the request they are let into."""

    ticket: int


class VisitCheck(ButtonData, name="visited"):
    """A guest says that an item of the checklist is done (1), or is to be done again (0)."""

    ticket: int
    done: Annotated[int, Shape(r"[01]", 1)]
    item: RuleName


class Tag(ButtonData, name="tag"):
    """Ask for tags."""

    ticket: int


class LogTime(ButtonData, name="time"):
    """Ask for the time spent."""

    ticket: int


class ShowLinked(ButtonData, name="linked"):
    """Show what comes of a problem, to resolve it."""

    ticket: int


class ResolveLinked(ButtonData, name="resolve_linked"):
    """Resolve what comes of a problem, where it is still so much."""

    cause: int
    count: int


class Retry(ButtonData, name="retry"):
    """Send a reply again."""

    outgoing: int


class Unsend(ButtonData, name="unsend"):
    """Take a reply back."""

    message: int


class Canned(ButtonData, name="canned"):
    """Show a canned reply as it would be sent."""

    ticket: int
    reply: RuleName


class SendCanned(ButtonData, name="canned_send"):
    """Send a canned reply."""

    ticket: int
    reply: RuleName


class SendCannedAndWait(ButtonData, name="canned_wait"):
    """Send a canned reply and wait for the requester."""

    ticket: int
    reply: RuleName


class SendArticle(ButtonData, name="faq_send"):
    """Send an article to a ticket's requester."""

    ticket: int
    article: int


class SendArticleAndAsk(ButtonData, name="faq_send_ask"):
    """Send an article to a ticket's requester, and ask whether it helped."""

    ticket: int
    article: int


class ArticleHelped(ButtonData, name="faq_yes"):
    """An article that was sent helped."""

    verdict: Annotated[int, Shape(r"\d{1,15}", 15)]
    article: Annotated[int, Shape(r"\d{1,15}", 15)]
    ticket: int


class ArticleFailed(ButtonData, name="faq_no"):
    """An article that was sent did not help."""

    verdict: Annotated[int, Shape(r"\d{1,15}", 15)]
    article: Annotated[int, Shape(r"\d{1,15}", 15)]
    ticket: int


class ImportColumns(ButtonData, name="faq_columns"):
    """Say that the columns of a table are others."""

    token: Token


class ImportColumn(ButtonData, name="faq_column"):
    """Say which column of a table holds a field."""

    token: Token
    field: Annotated[str, Shape(r"question|answer", 8)]
    place: Annotated[int, Shape(r"\d{1,2}", 2)]


class ImportCharset(ButtonData, name="faq_charset"):
    """Say what a file is saved in."""

    token: Token
    place: Annotated[int, Shape(r"\d", 1)]


class UndoImport(ButtonData, name="faq_undo"):
    """Take a whole import back."""

    token: Token


class TranslateArticle(ButtonData, name="faq_translate"):
    """Write an article in another language."""

    article: int
    language: Annotated[str, Shape(r"[a-z]{2}", 2)]


class UntieArticle(ButtonData, name="faq_untie"):
    """Let an article be no translation any more."""

    article: int


class Untranslated(ButtonData, name="faq_untranslated"):
    """Show a page of the articles that lack a translation."""

    offset: Offset


class CheckArticle(ButtonData, name="faq_check"):
    """Say that an article is right as of today."""

    article: int


class SayMissing(ButtonData, name="faq_missing"):
    """Say what is missing in an article that did not help."""

    verdict: int
    article: int


class RemarksRead(ButtonData, name="faq_remarks_read"):
    """Drop what readers said of an article, as far as it was shown: from one remark to another."""

    article: Annotated[int, Shape(r"\d{1,14}", 14)]
    oldest: Annotated[int, Shape(r"\d{1,14}", 14)]
    newest: Annotated[int, Shape(r"\d{1,14}", 14)]


class Teach(ButtonData, name="teach"):
    """Make an answer of a resolved ticket."""

    ticket: int


class TeachNew(ButtonData, name="teach_new"):
    """Make a new article of a ticket."""

    ticket: int


class TeachAlias(ButtonData, name="teach_alias"):
    """Let a ticket's question be another way to ask an article."""

    ticket: int
    article: int


class TeachSkip(ButtonData, name="teach_skip"):
    """Make nothing of a ticket."""

    ticket: int


class QueuePage(ButtonData, name="page"):
    """Turn the queue's page."""

    offset: Count
    query: Query


class FoundPage(ButtonData, name="found"):
    """Turn the page of what was found."""

    offset: Count
    query: Query


class OpenView(ButtonData, name="view"):
    """Show a view that was kept."""

    query: Query


class OpenSharedView(ButtonData, name="view_of"):
    """Show a view that somebody shares."""

    owner: int
    view: Annotated[str, Shape(r"[\w-]{1,32}", 32)]


class ExportList(ButtonData, name="list_export"):
    """Ask which file a list is to be."""

    query: Query


class ExportFound(ButtonData, name="export_found"):
    """Ask which file what was found is to be."""

    query: Query


class ExportAs(ButtonData, name="export_as"):
    """Send a list as a file: its ending, and whose list it is."""

    ending: Annotated[str, Shape(r"xlsx|csv", 4)]
    of: Annotated[str, Shape(r"queue|find", 5)]
    query: Query


class ChooseReport(ButtonData, name="report_kind"):
    """Ask for which days a report is to be."""

    kind: Word


class ChooseDays(ButtonData, name="report_days"):
    """Show a report for some days."""

    kind: Word
    days: Count


class ReportAs(ButtonData, name="report_as"):
    """Show a report otherwise, or of other days."""

    way: Annotated[str, Shape(r"txt|xlsx|csv|prev|next|why", 4)]
    query: Query


class EndSubscription(ButtonData, name="digest_end"):
    """Let a report come by itself no more."""

    timer: int


class Bulk(ButtonData, name="bulk"):
    """Ask what to do with all of a list."""

    query: Query


class BulkAct(ButtonData, name="bulk_do"):
    """Ask whether to do it with all of a list."""

    act: Annotated[str, Shape(r"resolve|close|assign", 7)]
    query: Query


class BulkAssign(ButtonData, name="bulk_to"):
    """Ask whether to give all of a list to an agent."""

    person: int
    query: Query


class BulkConfirm(ButtonData, name="bulk_go"):
    """Do it with all of a list."""

    query: Query


class BulkUndo(ButtonData, name="bulk_undo"):
    """Take back that a list was ended."""

    query: Query


class BulkCancel(ButtonData, name="bulk_no"):
    """Do nothing with a list."""

    query: Query


class ReleaseAll(ButtonData, name="release_all"):
    """Put all of one's tickets back."""


class ShowOnHome(ButtonData, name="front"):
    """Show other tickets on the front page."""

    view: Annotated[str, Shape(r"[a-z]{1,8}", 8)]


class NewRequest(ButtonData, name="need"):
    """Begin a request: after a question that was asked, or "anew"."""

    asked: Annotated[str, Shape(r"\d{1,18}|anew", 18)]


class NewFor(ButtonData, name="for"):
    """Begin a request for somebody."""

    account: int


class NewForGuest(ButtonData, name="for_guest"):
    """Begin a request for somebody who is not known yet."""

    query: Query


class AskArticles(ButtonData, name="ask"):
    """Take words as a question."""

    verdict: int


class AboutTicket(ButtonData, name="about"):
    """Take words as a word on a request."""

    verdict: int
    ticket: int


class SwitchTo(ButtonData, name="switch"):
    """Let the next words be about this request."""

    ticket: int


class ShowArticle(ButtonData, name="article"):
    """Show an article that was suggested."""

    verdict: int
    article: int


class Helped(ButtonData, name="helped"):
    """Say that an article helped, at which of its steps where it has several."""

    verdict: int
    article: int
    step: int | None = None


class NextStep(ButtonData, name="step"):
    """Show one more step of an article that has several."""

    verdict: int
    article: int
    step: int


class Favour(ButtonData, name="favour"):
    """Keep an article at hand, or no more."""

    article: int


class Articles(ButtonData, name="faq"):
    """Show the sections of the answers."""


class Favourites(ButtonData, name="favourites"):
    """Show the articles kept at hand."""


class ArticleSection(ButtonData, name="section"):
    """Show a section's articles; -1 is the popular ones."""

    section: Annotated[int, Shape(r"-?\d{1,9}", 10)]
    offset: Offset


class MyRequests(ButtonData, name="my"):
    """Show one's own requests."""

    offset: Annotated[str, Shape(r"\d{0,4}", 4)] = ""


class MyRequest(ButtonData, name="status"):
    """Show one of one's own requests."""

    ticket: int


class Withdraw(ButtonData, name="withdraw"):
    """Close one's own request."""

    ticket: int


class StillNotSolved(ButtonData, name="again"):
    """Say that it is not solved."""

    ticket: int


class Solved(ButtonData, name="confirm"):
    """Say that it is solved: this resolution of it."""

    ticket: int
    resolution: int | None = None


class Rate(ButtonData, name="rate"):
    """Rate what was done."""

    ticket: int
    stars: Annotated[int, Shape(r"[1-5]", 1)]


class Recommend(ButtonData, name="nps"):
    """Say from 0 to 10 whether one would recommend the desk, after a request."""

    ticket: int
    score: Count


class Speak(ButtonData, name="speak"):
    """Choose one's language."""

    language: Annotated[str, Shape(r"[a-z]+", 8)]


class Hear(ButtonData, name="hear"):
    """Hear of something, or no more."""

    event: Annotated[str, Shape(r"[a-z_]+", 24)]


class LinkYes(ButtonData, name="link_yes"):
    """Yes, both accounts are mine."""

    token: Token


class LinkNo(ButtonData, name="link_no"):
    """No, they are not."""

    token: Token


class LinkGrant(ButtonData, name="link_grant"):
    """Let two accounts be one person's."""

    token: Token


class LinkUndo(ButtonData, name="link_undo"):
    """Part two accounts again."""

    token: Token


class PickOption(ButtonData, name="pick"):
    """Choose an option of a form's step."""

    draft: int
    step: Annotated[int, Shape(r"\d{1,3}", 3)]
    option: Annotated[int, Shape(r"\d{1,3}", 3)]


class StepBack(ButtonData, name="back"):
    """Ask the question before."""

    draft: int


class SkipStep(ButtonData, name="skip"):
    """Leave a question out, or as it was answered."""

    draft: int
    step: int


class ClearStep(ButtonData, name="clear"):
    """Take back what was answered."""

    draft: int
    step: int


class FixStep(ButtonData, name="fix"):
    """Change one answer."""

    draft: int
    step: int


class ResumeDraft(ButtonData, name="resume"):
    """Go on with a form that gave way."""

    draft: int


class SubmitDraft(ButtonData, name="submit"):
    """Submit a form."""

    draft: int


class DropDraft(ButtonData, name="drop"):
    """Cancel a form."""

    draft: int


class Apply(ButtonData, name="apply"):
    """Do what was proposed."""

    token: Token


class Leave(ButtonData, name="leave"):
    """Do nothing of what was proposed."""

    token: Token


class AskBan(ButtonData, name="ban"):
    """Ask whom to ban."""


class Unban(ButtonData, name="unban"):
    """Ask whether to let somebody in again."""

    person: int


class ChooseRole(ButtonData, name="role"):
    """Ask which role somebody is to have."""

    person: int


class GiveRole(ButtonData, name="role_to"):
    """Give somebody a role."""

    person: int
    role: Annotated[str, Shape(r"agent|senior|admin", 6)]


class OpenRule(ButtonData, name="rule"):
    """Show an entry of the rules."""

    place: RulePlace


class AddRule(ButtonData, name="rule_add"):
    """Add an entry to the rules."""

    place: RulePlace


class EditRule(ButtonData, name="rule_edit"):
    """Change an entry of the rules."""

    place: RulePlace


class DropRule(ButtonData, name="rule_drop"):
    """Ask whether to take an entry away."""

    place: RulePlace


class RaiseRule(ButtonData, name="rule_up"):
    """Let an entry stand one place higher."""

    place: RulePlace


class DrawWorkflow(ButtonData, name="rule_pic"):
    """Show a workflow as a picture."""

    workflow: RuleName


class TestWebhook(ButtonData, name="hook_test"):
    """Send a test to a webhook."""

    webhook: RuleName


class ShowWebhookSecret(ButtonData, name="hook_show"):
    """Show the secret of a webhook that nobody has seen yet."""

    webhook: RuleName


class NewWebhookSecret(ButtonData, name="hook_new"):
    """Ask whether a webhook is to have a new secret."""

    webhook: RuleName


class EditorArticle(ButtonData, name="faq_show"):
    """Show an article with what may be done to it."""

    article: int


class EditorList(ButtonData, name="faq_list"):
    """Turn the page of a section's articles."""

    offset: Offset
    section: Annotated[str, Shape(r".{0,40}", 40)]


class NewArticle(ButtonData, name="faq_new"):
    """Write an article."""


class ImportArticles(ButtonData, name="faq_import"):
    """Bring answers in a file."""


class EditArticle(ButtonData, name="faq_edit"):
    """Change an article."""

    article: int


class KeepTyped(ButtonData, name="faq_typed"):
    """Let people read an article's answer sign by sign as it was typed."""

    article: int


class AddAlias(ButtonData, name="faq_alias"):
    """Add ways to ask an article."""

    article: int


class EnableArticle(ButtonData, name="faq_on"):
    """Let an article answer again."""

    article: int


class DisableArticle(ButtonData, name="faq_off"):
    """Let an article answer no more."""

    article: int


class DeleteArticle(ButtonData, name="faq_delete"):
    """Ask whether to delete an article."""

    article: int


class ConfirmDelete(ButtonData, name="faq_gone"):
    """Delete an article."""

    article: int


class ArticleHistory(ButtonData, name="faq_history"):
    """Show an article's versions."""

    article: int


class OlderVersions(ButtonData, name="faq_older"):
    """Turn the page of an article's versions."""

    article: int
    offset: int


class RestoreVersion(ButtonData, name="faq_restore"):
    """Bring back a version of an article."""

    version: int


class WriteGap(ButtonData, name="gap"):
    """Write an answer to a question that had none."""

    verdict: int


class TakeAlias(ButtonData, name="alias_yes"):
    """Take a proposed way to ask."""

    alias: int


class DropAlias(ButtonData, name="alias_no"):
    """Drop a proposed way to ask."""

    alias: int


class AnswerRequest(ButtonData, name="aim"):
    """Let the next words answer a reply, whichever request was talked on last."""

    ticket: int


class MeantTicket(ButtonData, name="meant"):
    """Say which of several requests words were about."""

    verdict: int
    ticket: int


class MakeApart(ButtonData, name="apart"):
    """Make a request of its own of a message that joined another."""

    verdict: int
    message: int


class NoHelp(ButtonData, name="no_help"):
    """Say that an answer beside a request did not help; what was asked may be a request of its own."""

    verdict: int
    message: int | None = None


class Amend(ButtonData, name="amend"):
    """Ask which answer of one's own request to change."""

    ticket: int


class AmendAnswer(ButtonData, name="amend_answer"):
    """Ask for another answer to a field of one's own request: its place among those that were asked."""

    ticket: int
    field: Count


# What is kept of a person


class Privacy(ButtonData, name="privacy"):
    """The page of what is kept of a person."""

    person: int


class Export(ButtonData, name="export"):
    """All that is a person's, as a file."""

    person: int


class EraseAsk(ButtonData, name="erase_ask"):
    """What goes and what stays where a person is erased."""

    person: int


class EraseYes(ButtonData, name="erase_yes"):
    """They are to be erased."""

    person: int


class EraseNo(ButtonData, name="erase_no"):
    """Everything is kept after all."""

    person: int


class KeepCompany(ButtonData, name="keep_company"):
    """Everybody of a company is kept after all."""

    company: int


class AuditPage(ButtonData, name="audit"):
    """Another page of what was done."""

    offset: Offset
    query: Query


class AuditSheet(ButtonData, name="audit_sheet"):
    """What was done, as a spreadsheet."""

    query: Query


# For many at once


class AnnounceGo(ButtonData, name="announce_go"):
    """An announcement is meant."""

    announcement: int


class AnnounceNo(ButtonData, name="announce_no"):
    """It is not."""

    announcement: int


class AnnouncePause(ButtonData, name="announce_pause"):
    """Nobody more is told for now."""

    announcement: int


class AnnounceOn(ButtonData, name="announce_on"):
    """It goes on."""

    announcement: int


class AnnounceStop(ButtonData, name="announce_stop"):
    """Nobody more is told."""

    announcement: int


class AnnounceOff(ButtonData, name="announce_off"):
    """Whoever reads it wants no more of such."""


class ReadTicket(ButtonData, name="read"):
    """Show all that was said on a ticket to whoever presses."""

    ticket: int


class Details(ButtonData, name="details"):
    """Correct what a ticket's form asked, and fill in what only the team answers."""

    ticket: int


class NotesOn(ButtonData, name="notes_on"):
    """Show what was noted on a person's requests to whoever presses."""

    person: int


class OutageYes(ButtonData, name="outage_yes"):
    """There is an outage."""

    outage: int


class OutageNo(ButtonData, name="outage_no"):
    """There is none."""

    outage: int


class OutageSay(ButtonData, name="outage_say"):
    """It is declared in the words that were shown."""

    outage: int


class OutageWrite(ButtonData, name="outage_write"):
    """Its words are asked for: the first, or news."""

    outage: int


class OutageWait(ButtonData, name="outage_wait"):
    """Whoever asked wants to hear when it is over."""

    outage: int


class OutageDifferent(ButtonData, name="outage_other"):
    """Theirs is another matter: it goes on with what was asked."""

    outage: int
    verdict: int | None = None


class OutageAlike(ButtonData, name="outage_alike"):
    """Open requests that are alike."""

    outage: int


class OutageLink(ButtonData, name="outage_link"):
    """They are linked, if they are as many as were shown."""

    outage: int
    count: Count


class OutageOver(ButtonData, name="outage_over"):
    """It is over."""

    outage: int


class OutageCause(ButtonData, name="outage_cause"):
    """What it was is asked for."""

    outage: int


class NeedPerson(ButtonData, name="person"):
    """Make a request of a question that an answer in a request channel was not enough for."""

    verdict: int


class FillInPrivate(ButtonData, name="fill_private"):
    """Ask the author of a request in a channel, in private, what its form asks."""

    ticket: int


class NotRequest(ButtonData, name="not_request"):
    """Take back a request that was none."""

    ticket: int


class JoinOwn(ButtonData, name="join_own"):
    """Let a request go on in another one of its author's, where both were opened in one channel."""

    ticket: int
    into: int


class PartOwn(ButtonData, name="part_own"):
    """Let the two be two requests again."""

    ticket: int
    into: int


class OfferYes(ButtonData, name="offer_yes"):
    """Make a request of words in a request channel."""

    heard: int


class OfferNo(ButtonData, name="offer_no"):
    """Make none of them."""

    heard: int
