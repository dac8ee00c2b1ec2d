"""What came in gets its turn: in order, at the pace that one person may have, and for no longer than a turn may take."""
