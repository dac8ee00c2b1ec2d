"""Many at once: announcements and outages."""
