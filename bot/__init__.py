"""The door: processes, messengers, delivery, time."""
