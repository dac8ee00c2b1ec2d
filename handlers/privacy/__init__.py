"""What the desk keeps of a person: shown, given, erased."""
