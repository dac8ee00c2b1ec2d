"""What waits: events to be heard, messages to be sent, timers; and what became of each."""
