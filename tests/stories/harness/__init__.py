"""What stories are told with. They fail when the desk is silent, and when it says too much.

A story takes the fixtures ``desk``, ``ann`` (a requester) and ``bob`` (an agent), names no messenger, and is told four times:
on Telegram, on Slack, and across them with requesters on the one and the team on the other, either way round
(``conftest.py`` says which of these run always). So that it can be told everywhere:

- ``says("/x")`` gives a command as one does there: ``/x``, ``/desk x``, or ``!x`` in a thread.
- ``fills(type="Billing question", contract=SKIP)`` fills a form in its window where one opens, else question by question;
  ``fills(text="…", at=THREAD(1))`` what a button asks an agent for; ``review=False`` where the last answer submits it.
  A story about the questions themselves has ``House(windows=False)``: every form is asked step by step.
- ``answers(line, "…")`` answers a requester's words: in reply to them, or by ``/r`` in their thread.
- ``finds(1, "…")`` sees what a claimed ticket's thread begins with.
- ``sees(…, kind="photo")`` also sees a file that comes after its words; ``reply_to=`` counts where messages can be replied to.
- What a person alone is shown in passing is a toast: ``sees_toast``; ``sees`` finds it too, and nobody has to see it.
- ``desk.room("clients", ann, dan)`` is a channel or group where they talk among themselves; ``at=ROOM("clients")`` is there, and
  ``mentions("…", at=…)`` names the bot.
- ``needs(team=Capability.TOPICS)``, ``needs(requesters=…)`` mark a story of something that only some messengers have.
"""

from tests.stories.harness.capabilities import Capability, needs
from tests.stories.harness.desk import Desk
from tests.stories.harness.house import House
from tests.stories.harness.people import Somebody
from tests.stories.harness.places import QUEUE, ROOM, THREAD, Line, Place
from tests.stories.harness.words import LANGUAGES, said_in

__all__ = [
    "LANGUAGES",
    "QUEUE",
    "ROOM",
    "THREAD",
    "Capability",
    "Desk",
    "House",
    "Line",
    "Place",
    "Somebody",
    "needs",
    "said_in",
]
