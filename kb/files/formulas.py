"""What a spreadsheet takes for an order where a cell begins so: in every table that the desk writes, and in those it reads."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"  # before such a text, as in a spreadsheet itself
