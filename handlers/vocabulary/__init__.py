"""What crosses between the messengers and the talk; it imports nothing of the talk's."""
