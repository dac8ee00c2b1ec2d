"""Other programs: what goes to them, and what is asked of them."""
