"""What stories are told with. They fail when the desk is silent, and when it says too much."""

from tests.stories.harness.desk import Desk, House
from tests.stories.harness.people import Somebody
from tests.stories.harness.places import QUEUE, THREAD, Line, Place
from tests.stories.harness.words import LANGUAGES, said_in

__all__ = ["LANGUAGES", "QUEUE", "THREAD", "Desk", "House", "Line", "Place", "Somebody", "said_in"]
