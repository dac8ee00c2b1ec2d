"""The story of a first day, told on the stage: from a typical question to an answer that grew out of a request."""

from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.demo.watching import QUEUE, News, Place, Watch, home, thread
from bot.sandbox.telegram import Seen


class Teller:
    """Lets people do things and shows what they see, always in the same order."""

    def __init__(self, stage: Stage, watch: Watch, transcript: Transcript) -> None:
        self.stage, self.watch, self.transcript = stage, watch, transcript
        self.words = stage.words
        self._scenes = iter(stage.words.scenes)

    def scene(self) -> None:
        """Begin the next scene."""
        self.transcript.scene(next(self._scenes))

    async def says(self, handle: str, text: str, at: Place | None = None, *, reply_to: Seen | None = None) -> None:
        """Let somebody say something."""
        place = at or home(handle)
        self.transcript.says(place, handle, text)
        topic = self.watch.topic(place.ticket) if place.ticket else None
        self.stage.people[handle].says(text, at=self._room(place), topic=topic, reply_to=reply_to)

    async def presses(self, handle: str, label: str, at: Place | None = None) -> None:
        """Let somebody press the newest button of this name."""
        place = at or home(handle)
        shown = await self.stage.until(lambda: next((s for s in self._shown(place) if label in s.buttons), None))
        self.transcript.presses(place, handle, label)
        self.stage.people[handle].presses(label, on=shown)

    async def sees(self, place: Place, *words: str) -> Seen:
        """Wait until the desk says this, and show it."""
        news: News = await self.stage.until(lambda: self.watch.find(place, *words))
        self.watch.read(news.seen)
        self.transcript.news(news)
        return news.seen

    async def skims(self, place: Place, *words: str) -> Seen:
        """Wait until the desk says this; whoever watches has seen the like."""
        news: News = await self.stage.until(lambda: self.watch.find(place, *words))
        self.watch.read(news.seen)
        return news.seen

    def _shown(self, place: Place) -> list[Seen]:
        return list(reversed(self.watch.lines(place)))

    def _room(self, place: Place) -> int:
        return self.stage.people[place.person].id if place.person else self.stage.team.id


async def tell(t: Teller) -> None:
    """Tell it from beginning to end."""
    await asks(t)
    await requests(t)
    await claims(t)
    await talks(t)
    await resolves(t)
    await teaches(t)


async def asks(t: Teller) -> None:
    """A typical question is answered at once."""
    t.scene()
    await t.says("ann", "/start")
    await t.sees(home("ann"), t.words.desk("start.hello", name=t.words.names["ann"]))
    await t.says("ann", t.words.said["known"])
    await t.stage.until(lambda: next((n for n in t.watch.news(home("ann")) if len(n.seen.buttons) == 3), None))
    await t.sees(home("ann"))
    await t.presses("ann", t.words.desk("answer.helped"))
    await t.sees(home("ann"), t.words.desk("answer.thanks"))


async def requests(t: Teller) -> None:
    """Another one is not, and becomes a request: nothing is typed twice."""
    t.scene()
    await t.says("ann", t.words.said["unknown"])
    await t.sees(home("ann"), t.words.desk("answer.unknown"))
    await t.presses("ann", t.words.desk("answer.need"))
    for answer in t.words.dialog:
        card = await t.sees(home("ann"), t.words.desk("request.title"))
        await (t.presses if answer in card.buttons else t.says)("ann", answer)
    await t.sees(home("ann"), t.words.desk("form.review"))
    await t.presses("ann", t.words.desk("form.submit"))
    await t.sees(home("ann"), t.words.desk("request.registered", ticket=1))


async def claims(t: Teller) -> None:
    """A card waits in the team's group; one press, and it has an owner."""
    t.scene()
    await t.sees(QUEUE, "#1", t.words.said["unknown"])
    await t.presses("bob", t.words.desk("button.claim"), QUEUE)
    await t.sees(QUEUE, t.words.names["bob"])
    await t.sees(home("ann"), t.words.desk("told.claimed", agent=t.words.names["bob"], ticket=1))


async def talks(t: Teller) -> None:
    """What is sent crosses both ways; everything else said there is the team's own."""
    t.scene()
    inside = thread(1)
    await t.skims(inside, "#1")
    await t.skims(inside, t.words.said["unknown"])
    await t.says("bob", f"/r {t.words.said['reply']}", inside)
    await t.sees(home("ann"), t.words.said["reply"])
    await t.skims(inside, t.words.desk("receipt.delivered"))
    await t.says("ann", t.words.said["answer"])
    said = await t.sees(inside, t.words.said["answer"])
    await t.says("bob", t.words.said["note"], inside)
    t.transcript.aside(t.words.said["inside"])
    await t.says("bob", t.words.said["last"], inside, reply_to=said)
    await t.sees(inside, t.words.desk("receipt.delivered"))
    await t.sees(home("ann"), t.words.said["last"])


async def resolves(t: Teller) -> None:
    """The requester has the last word, and rates."""
    t.scene()
    await t.presses("bob", t.words.desk("button.resolve"), QUEUE)
    await t.sees(home("ann"), "#1", t.words.said["unknown"])
    await t.presses("ann", t.words.desk("button.confirm"))
    await t.sees(home("ann"), t.words.desk("own.confirmed", ticket=1))
    await t.sees(home("ann"), t.words.desk("rate.ask"))
    await t.presses("ann", "5")
    await t.sees(home("ann"), t.words.desk("rate.thanks", stars="⭐" * 5))
    await t.sees(home("ann"), t.words.desk("rate.comment"))
    await t.says("ann", t.words.said["comment"])
    await t.sees(home("ann"), t.words.desk("rate.done"))


async def teaches(t: Teller) -> None:
    """The request becomes an answer, and the next who asks has it at once."""
    t.scene()
    own, inside = home("bob"), thread(1)
    await t.presses("bob", t.words.desk("button.make_answer"), inside)
    await t.sees(
        inside, t.words.desk("teach.near", asked=t.words.said["unknown"], article=0, question="").split("#")[0]
    )
    await t.presses("bob", t.words.desk("teach.new"), inside)
    for _ in ("aliases", "section"):
        await t.sees(own, t.words.desk("article.title"))
        await t.presses("bob", t.words.desk("form.skip"))
    await t.sees(own, t.words.desk("form.review"))
    await t.presses("bob", t.words.desk("form.submit"))
    live = t.words.desk("article.live", article=0, question=t.words.said["unknown"]).partition("#0")[2]
    await t.sees(own, live)
    await t.says("cid", t.words.said["again"])
    await t.sees(home("cid"), t.words.said["last"])
