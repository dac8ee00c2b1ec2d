"""``/asset export``: the books as a table, with the columns that an import reads."""

from handlers.admin.asset_table import MOST
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.deferred import ReaderArgs, deferred_attachment
from handlers.vocabulary.messages import phrase
from storage.models import Role

on = Routes()


@on.command("asset export", role=Role.ADMIN)
def export(turn: Turn) -> None:
    """All assets as a table (CSV), retired ones too; what it says can be imported again."""
    rows = len(turn.tx.assets.after(0, MOST + 1))
    if not rows:
        turn.say(phrase("asset.none", usage="/asset add laptop PC-114 Lenovo T14"))
        return
    turn.audit(Deed.ASSETS_EXPORTED)
    reader = turn.here[1]
    args: ReaderArgs = {"language": reader.language, "zone": reader.zone}
    table = deferred_attachment("document", "assets.csv", "text/csv", "assets", args)
    told = phrase("asset.exported_many", n=MOST) if rows > MOST else phrase("asset.exported")
    turn.say(told, files=(table,))
