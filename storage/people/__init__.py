"""People, their accounts, the team's channels, and who is kept out."""
