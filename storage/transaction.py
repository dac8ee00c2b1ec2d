"""Everything one transaction may read and write, by noun."""

from sqlalchemy import Connection

from storage.announcements import Announcements
from storage.articles import Articles
from storage.bans import Bans
from storage.companies import Companies
from storage.erasure import Erasure
from storage.hearing import Hearing
from storage.kept import Kept
from storage.labels import Labelled
from storage.outages import Outages
from storage.people import Channels, People
from storage.queue import Queue
from storage.records import Records
from storage.related import Related
from storage.request_channels import RequestChannels
from storage.requests import Drafts, Requests
from storage.rules import RulesRevisions
from storage.search import Search
from storage.states import States
from storage.story import Story
from storage.talk import Talk
from storage.tickets import Tickets
from storage.timers import Timers


class Transaction:
    """The nouns over one connection; who begins and commits it is not theirs to know."""

    __slots__ = (
        "announcements",
        "articles",
        "bans",
        "channels",
        "companies",
        "connection",
        "drafts",
        "erasure",
        "hearing",
        "kept",
        "labelled",
        "outages",
        "people",
        "queue",
        "records",
        "related",
        "request_channels",
        "requests",
        "rules",
        "search",
        "states",
        "story",
        "talk",
        "tickets",
        "timers",
    )

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.announcements = Announcements(connection)
        self.articles = Articles(connection)
        self.bans = Bans(connection)
        self.outages = Outages(connection)
        self.people = People(connection)
        self.kept = Kept(connection)
        self.labelled = Labelled(connection)
        self.companies = Companies(connection)
        self.channels = Channels(connection)
        self.tickets = Tickets(connection)
        self.queue = Queue(connection)
        self.related = Related(connection)
        self.hearing = Hearing(connection)
        self.talk = Talk(connection)
        self.request_channels = RequestChannels(connection)
        self.requests = Requests(connection)
        self.rules = RulesRevisions(connection)
        self.search = Search(connection)
        self.states = States(connection)
        self.story = Story(connection)
        self.drafts = Drafts(connection)
        self.erasure = Erasure(connection)
        self.timers = Timers(connection)
        self.records = Records(connection)
