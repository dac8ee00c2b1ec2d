"""Articles and questions compared: what is like what, and how sure that is."""
