"""Everything one transaction may read and write, by noun."""

from sqlalchemy import Connection

from storage.care.alerts import Alerts
from storage.care.announcements import Announcements
from storage.care.outages import Outages
from storage.desk.article_remarks import Remarks
from storage.desk.articles import Articles
from storage.desk.choice_lists import ChoiceLists
from storage.desk.records import Records
from storage.desk.request_channels import RequestChannels
from storage.desk.request_types import Drafts, Requests
from storage.desk.rules import RulesRevisions
from storage.desk.states import States
from storage.desk.views import Kept
from storage.desk.webhooks import Webhooks
from storage.people.assets import Assets
from storage.people.bans import Bans
from storage.people.companies import Companies
from storage.people.duty import Duty
from storage.people.people import Channels, People
from storage.queues.timers import Timers
from storage.retention.erasure import Erasure
from storage.tickets.approvals import Approvals
from storage.tickets.guests import Guests
from storage.tickets.helpers import Helpers
from storage.tickets.history import Story
from storage.tickets.known_errors import KnownErrors
from storage.tickets.messages import Talk
from storage.tickets.plans import Plans
from storage.tickets.queue import Queue
from storage.tickets.recurrences import Recurrences
from storage.tickets.related import Related
from storage.tickets.search import Search
from storage.tickets.secret_answers import SecretAnswers
from storage.tickets.surveys import Surveys
from storage.tickets.tags_and_time import Labelled
from storage.tickets.tickets import Tickets
from storage.tickets.watchers import Hearing


class Transaction:
    """The nouns over one connection; who begins and commits it is not theirs to know."""

    __slots__ = (
        "alerts",
        "announcements",
        "approvals",
        "articles",
        "assets",
        "bans",
        "channels",
        "choice_lists",
        "companies",
        "connection",
        "drafts",
        "duty",
        "erasure",
        "guests",
        "hearing",
        "helpers",
        "kept",
        "known_errors",
        "labelled",
        "outages",
        "people",
        "plans",
        "queue",
        "records",
        "recurrences",
        "related",
        "remarks",
        "request_channels",
        "requests",
        "rules",
        "search",
        "secrets",
        "states",
        "story",
        "surveys",
        "talk",
        "tickets",
        "timers",
        "webhooks",
    )

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.alerts = Alerts(connection)
        self.announcements = Announcements(connection)
        self.approvals = Approvals(connection)
        self.articles = Articles(connection)
        self.assets = Assets(connection)
        self.bans = Bans(connection)
        self.outages = Outages(connection)
        self.people = People(connection)
        self.kept = Kept(connection)
        self.known_errors = KnownErrors(connection)
        self.labelled = Labelled(connection)
        self.companies = Companies(connection)
        self.channels = Channels(connection)
        self.tickets = Tickets(connection)
        self.plans = Plans(connection)
        self.queue = Queue(connection)
        self.recurrences = Recurrences(connection)
        self.related = Related(connection)
        self.remarks = Remarks(connection)
        self.hearing = Hearing(connection)
        self.guests = Guests(connection)
        self.helpers = Helpers(connection)
        self.talk = Talk(connection)
        self.request_channels = RequestChannels(connection)
        self.requests = Requests(connection)
        self.rules = RulesRevisions(connection)
        self.search = Search(connection)
        self.secrets = SecretAnswers(connection)
        self.states = States(connection)
        self.story = Story(connection)
        self.surveys = Surveys(connection)
        self.drafts = Drafts(connection)
        self.duty = Duty(connection)
        self.erasure = Erasure(connection)
        self.timers = Timers(connection)
        self.records = Records(connection)
        self.webhooks = Webhooks(connection)
        self.choice_lists = ChoiceLists(connection)
