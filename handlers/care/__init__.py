"""Care for many at once: announcements, planned works, outages."""
