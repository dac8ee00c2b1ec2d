"""Every column that can hold a person's words or ids: whose it is, when it ends, and what belongs to an export and to an erase.

A test holds this to the models: a new column that could hold such has a line here, or stands among those that cannot.
``docs/privacy.md`` is written from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """Columns of one table that hold the same of the same people."""

    columns: str  # of the table, apart by spaces
    what: str
    owner: str  # whom it is about: requester, agent, anybody, team
    end: str  # where ``terms`` do not tell it
    export: str  # what a person gets of it who asks for all that is theirs
    erase: str  # what becomes of it when a person is erased; the row itself stays where nothing else is said
    terms: Sequence[str] = ()  # of storage/retention/forgetting.py


STAYS = "stays as long as the desk"
FOR_EVER = "else stays as long as the desk"
WITH_TICKET = "with the request"
_row = "deleted"

HELD: Mapping[str, Sequence[Held]] = {
    "person": [
        Held(
            "name language time_zone notify",
            "name and choices",
            "anybody",
            FOR_EVER,
            "all",
            "name replaced, choices emptied",
            ["people"],
        ),
        Held(
            "role away_since", "role; since when an agent is away", "agent", FOR_EVER, "all", "role taken", ["people"]
        ),
    ],
    "account": [
        Held(
            "source native chat",
            "ids on the messenger",
            "anybody",
            FOR_EVER,
            "all",
            "replaced by a random one; a keyed hash is kept",
            ["people"],
        ),
        Held(
            "name username language name_key username_key",
            "names and handle",
            "anybody",
            FOR_EVER,
            "all",
            "emptied",
            ["people"],
        ),
        Held(
            "person_id blocked_at told_until",
            "whose it is; when it stopped the bot",
            "anybody",
            FOR_EVER,
            "all",
            "kept",
            ["people"],
        ),
    ],
    "erased": [
        Held(
            "digest person_id",
            "a keyed hash of an account that was erased",
            "anybody",
            STAYS,
            "no",
            "made then",
        )
    ],
    "member": [Held("person_id since", "who is of the team", "agent", "when they leave the channel", "all", _row)],
    "leaving": [Held("person_id at", "who has left the team", "agent", STAYS, "all", _row)],
    "watcher": [Held("person_id", "who hears of a request", "agent", WITH_TICKET, "all", _row)],
    "helper": [Held("person_id at ended_at", "who helps with a request", "agent", WITH_TICKET, "all", _row)],
    "guest": [
        Held(
            "person_id at told_at shown_id ended_at",
            "who was let into one request",
            "anybody",
            WITH_TICKET,
            "all",
            "ended",
        ),
    ],
    "duty_override": [
        Held(
            "person_id begins_at ends_at",
            "who is on duty when, otherwise than by the rules",
            "agent",
            STAYS,
            "all",
            _row,
        ),
        Held("by_id", "who said so", "agent", STAYS, "no", "person replaced"),
    ],
    "survey": [
        Held(
            "person_id at score scored_at",
            "who was asked how it was, and what they answered",
            "requester",
            WITH_TICKET,
            "all",
            "person replaced",
        )
    ],
    "plan": [
        Held(
            "place note",
            "where somebody is to see to a request, and what the team notes beside it",
            "requester",
            FOR_EVER,
            "no",
            "emptied, of what they wrote and of their own requests",
            ["requests"],
        ),
        Held("by_id note_by_id", "who wrote it", "agent", WITH_TICKET, "no", "person replaced"),
    ],
    "view": [Held("person_id name words", "filters kept under a name", "agent", "by its owner", "all", _row)],
    "favourite": [Held("person_id", "articles kept at hand", "anybody", "by its owner", "all", _row)],
    "time_spent": [Held("person_id", "minutes of work", "agent", STAYS, "all", "person replaced")],
    "draft": [
        Held("person_id place step answers facts card", "half-filled forms", "anybody", "", "all", _row, ["drafts"]),
    ],
    "ticket": [
        Held(
            "summary answers rating_comment",
            "what was asked, form answers, a word on the rating",
            "requester",
            FOR_EVER,
            "all",
            "emptied",
            ["requests"],
        ),
        Held("requester_id account_id language", "whose request it is", "requester", STAYS, "all", "person replaced"),
        Held("agent_id resolved_by", "who worked on it", "agent", STAYS, "numbers", "person replaced"),
    ],
    "known_error": [
        Held(
            "cause",
            "what the team knows of the cause of a problem",
            "team",
            "",
            "no",
            "looked for by `frontdesk privacy verify`",
            ["requests"],
        ),
        Held("by_id", "who wrote it down", "agent", WITH_TICKET, "no", "person replaced"),
    ],
    "request_type": [
        Held(
            "workflow",
            "account ids of those whose yes it takes",
            "agent",
            STAYS,
            "no",
            "their accounts taken out of all of them",
        )
    ],
    "approval": [
        Held(
            "why question answer",
            "why a request needs somebody's yes, what its requester was asked before it, and answered",
            "anybody",
            FOR_EVER,
            "own",
            "emptied, of what they wrote and of their own requests",
            ["requests"],
        ),
        Held("by_id", "who asked for it", "agent", WITH_TICKET, "no", "person replaced"),
    ],
    "approver": [
        Held(
            "reason",
            "why somebody said no, or what they want changed first",
            "anybody",
            FOR_EVER,
            "own",
            "emptied, of what they said and of their own requests",
            ["requests"],
        ),
        Held(
            "person_id stand_in_id answered_by answer",
            "who was asked for their yes, and what they said",
            "anybody",
            WITH_TICKET,
            "own",
            "person replaced",
        ),
    ],
    "company_approver": [
        Held("person_id", "for which company somebody says yes", "anybody", "by the team", "all", _row)
    ],
    "stand_in": [
        Held("person_id other_id", "who stands in for somebody who is away", "agent", "when they are back", "all", _row)
    ],
    "recurrence": [
        Held(
            "summary assets",
            "what the team asks of itself again and again, and about what",
            "team",
            "by the team",
            "no",
            "looked for by `frontdesk privacy verify`",
            ["drafts of recurrences"],
        ),
        Held("by_id", "who let it recur", "agent", "by the team", "no", "person replaced"),
        Held("account_id", "the team as a requester", "team", STAYS, "no", "kept"),
    ],
    "secret_answer": [
        Held(
            "field value",
            "secret answers of a form",
            "requester",
            "deleted when the request is over",
            "dots in its place",
            _row,
        )
    ],
    "ticket_tag": [
        Held(
            "tag", "agents' words about a request", "requester", STAYS, "no", "looked for by `frontdesk privacy verify`"
        )
    ],
    "entry": [
        Held(
            "person_id facts",
            "who did what, and values that changed",
            "anybody",
            FOR_EVER,
            "own",
            "texts in facts emptied",
            ["requests"],
        )
    ],
    "message": [
        Held(
            "words files",
            "all that was said and sent",
            "anybody",
            FOR_EVER,
            "own, and what was said to them",
            "emptied",
            ["taken back", "requests"],
        ),
        Held("person_id", "who said it", "anybody", STAYS, "own", "person replaced"),
    ],
    "old_words": [
        Held(
            "words", "what was said before an edit", "anybody", "", "own", _row, ["old words", "taken back", "requests"]
        )
    ],
    "searchable": [
        Held(
            "words",
            "the words of requests, to find them by",
            "anybody",
            "when the words do",
            "no",
            "renewed, index rebuilt",
            ["requests"],
        ),
    ],
    "thread": [
        Held(
            "title native",
            "name and summary in the title",
            "requester",
            FOR_EVER,
            "no",
            "rewritten, there and here",
            ["requests"],
        )
    ],
    "card": [Held("place look", "a digest of what a card shows", "requester", WITH_TICKET, "no", "drawn anew")],
    "post": [
        Held(
            "place native", "ids of chats and messages", "anybody", "", "no", "deleted after what they show", ["posts"]
        ),
        Held("field", "the name of a form's field", "requester", "", "no", "deleted after what they show", ["posts"]),
    ],
    "company": [
        Held(
            "name name_key contract until notes workspaces",
            "companies, their contracts, notes",
            "team",
            "by the team",
            "no",
            "reviewed",
        )
    ],
    "asset": [
        Held("name fields", "what people work with", "team", "by the team", "no", "stays: nobody has it any more"),
        Held("person_id", "who has it", "anybody", STAYS, "all", "emptied"),
    ],
    "asset_word": [Held("word", "the words it is found by", "team", "by the team", "no", "stays")],
    "company_person": [Held("person_id", "to which company somebody belongs", "anybody", STAYS, "all", _row)],
    "request_channel": [
        Held("chat title settings", "channels where requests are opened, by name", "team", "by the team", "no", "kept")
    ],
    "request_thread": [
        Held("root topic", "ids of messages", "requester", WITH_TICKET, "no", "kept"),
        Held("person_id", "who opened a request in a channel", "requester", WITH_TICKET, "all", "person replaced"),
    ],
    "participant": [Held("person_id", "who spoke on a request in its channel", "anybody", WITH_TICKET, "all", _row)],
    "overheard": [
        Held(
            "native topic person_id account_id said",
            "what was said in a request channel and opened nothing",
            "anybody",
            "",
            "all",
            _row,
            ["overheard"],
        )
    ],
    "rules_revision": [
        Held(
            "data",
            "account ids of roles and groups, canned texts",
            "agent",
            "",
            "no",
            "their accounts taken out of all of them",
            ["rules"],
        ),
        Held("person_id", "who changed the rules", "agent", "", "own", "person replaced", ["rules"]),
    ],
    "ban": [
        Held(
            "person_id reason until by_id",
            "who is not served, and why",
            "anybody",
            "when lifted",
            "all",
            "a hash is kept",
            ["bans"],
        )
    ],
    "announcement": [
        Held("words files", "what was told to many", "team", "", "no", "kept", ["announcements"]),
        Held(
            "by_id place segment keywords",
            "who told it, from where, to whom",
            "agent",
            "",
            "no",
            "person and their chat replaced",
            ["announcements"],
        ),
    ],
    "announced": [Held("person_id", "who was told", "anybody", "with the announcement", "no", "person replaced")],
    "outage": [
        Held(
            "words keywords examples cause",
            "what was said of something broken, and questions that were alike",
            "team",
            "",
            "no",
            "looked for by `frontdesk privacy verify`",
            ["outages"],
        ),
        Held(
            "by_id place",
            "who declared it, and where",
            "agent",
            "",
            "no",
            "person and their chat replaced",
            ["outages"],
        ),
    ],
    "affected": [
        Held("person_id account_id", "whom an outage concerned", "anybody", "with the outage", "no", "person replaced")
    ],
    "lane": [Held("name", "ids of chats", "anybody", "", "no", _row, ["lanes"])],
    "standstill": [
        Held("address place", "team channels that take nothing", "team", "when they take again", "no", "kept")
    ],
    "bucket": [Held("name", "ids of chats", "anybody", "", "no", _row, ["rates"])],
    "inbox": [
        Held(
            "payload",
            "whole events: words, names, files",
            "anybody",
            "",
            "no",
            "theirs deleted, others' that were handled emptied",
            ["events", "old events"],
        ),
        Held("source key lane album", "ids of chats and messages", "anybody", "", "no", _row, ["old events"]),
    ],
    "outgoing": [
        Held(
            "payload error",
            "all that was said to anybody",
            "anybody",
            "",
            "no",
            "emptied, what waits for them is dropped",
            ["sent", "old promises", "guests"],
        ),
        Held(
            "lane fold",
            "ids of chats and requests",
            "anybody",
            "with its posts",
            "no",
            "deleted with its posts",
            ["old promises", "posts"],
        ),
    ],
    "timer": [
        Held(
            "person_id facts",
            "who set it, ids, texts of filters",
            "anybody",
            "",
            "no",
            "emptied; called off where no request is concerned",
            ["timers"],
        )
    ],
    "alert_group": [
        Held(
            "ticket_id",
            "which request stands for what monitoring said",
            "team",
            "",
            "no",
            "kept",
            ["alerts"],
        )
    ],
    "token": [
        Held(
            "name person_id", "programs that are let in, and who acts by them", "agent", "by the operator", "all", _row
        )
    ],
    "answered_call": [
        Held(
            "key answer",
            "keys of other programs' calls; ids and states they were answered",
            "team",
            "",
            "no",
            "kept",
            ["calls"],
        )
    ],
    "audit": [
        Held(
            "person_id facts ticket_id",
            "refusals, who banned or joined whom",
            "anybody",
            "",
            "own",
            "person replaced",
            ["audit"],
        )
    ],
    "article": [
        Held(
            "question answer keywords files",
            "answers; some were made of requesters' and agents' words",
            "team",
            "by the team",
            "no",
            "reviewed",
        ),
    ],
    "alias": [
        Held(
            "text proposed_by",
            "other ways to ask, some in a requester's words",
            "requester",
            "by the team",
            "own",
            "reviewed",
            ["refused"],
        )
    ],
    "article_version": [
        Held("data person_id", "answers as they were, who changed them", "team", STAYS, "own", "reviewed")
    ],
    "article_remark": [
        Held(
            "person_id text place native at",
            "what a reader says is missing in an answer, until whoever looks after it has read it",
            "requester",
            "with the answer",
            "all",
            _row,
            ["remarks"],
        )
    ],
    "form": [
        Held(
            "data",
            "forms as they were asked, with the choices that another program gave",
            "team",
            "else with the last request that has it",
            "no",
            "kept",
            ["forms"],
        ),
    ],
    "setting": [
        Held("name value", "states, as the version before kept them", "anybody", "", "no", _row, ["left behind"]),
    ],
    "verdict": [
        Held("question said", "every question that was asked", "requester", "", "all", "emptied", ["questions"]),
        Held(
            "person_id language tried candidates",
            "who asked, in which language, what was shown",
            "requester",
            STAYS,
            "all",
            "person replaced",
        ),
    ],
    "person_state": [
        Held(
            "person_id key value until",
            "last searches, a code, a question under way, a page",
            "anybody",
            "",
            "all",
            _row,
            ["states"],
        ),
    ],
}

# What names nobody: words of the desk's own, names from its rules, states, digests.
IMPERSONAL: Mapping[str, str] = {
    "team_channel": "source chat language own_language",
    "company": "policy group_name types",
    "recurrence": "stage schedule type_name group_name holidays again companies",
    "asset": "number number_key kind",
    "request_channel": "source",
    "offer_count": "outcome",
    "own_account": "source team_chat",
    "token": "digest scopes",
    "alert_group": "key",
    "alert": "key",
    "answered_call": "digest",
    "moved_chat": "source was now",
    "article_import": "token revisions",
    "form": "name digest",
    "approval": "status stood need digest",
    "request_type": "name kind title fields",
    "ticket": "status group_name",
    "entry": "was now",
    "thread": "icon",
    "plan": "answer",
    "duty_override": "rota change",
    "survey": "scale",
    "rules_revision": "act",
    "canned_use": "name",
    "lane": "side source",
    "begun": "ids",
    "standstill": "reason word",
    "inbox": "incident",
    "outgoing": "operation",
    "bucket": "sent",
    "timer": "name",
    "audit": "act",
    "announcement": "stage phase",
    "announced": "phase",
    "outage": "stage",
    "affected": "state",
    "article": "section language",
    "alias": "state",
    "article_version": "act",
    "verdict": "verdict outcome",
}
