"""Where people already talk: the channels in which requests are opened, and what is said there."""
