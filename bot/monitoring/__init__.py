"""What is told of the desk itself: logs, numbers, health; nobody's words."""
