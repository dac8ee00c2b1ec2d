"""The house: settings, command line, logs, the tools, and the pages that must say what the code does."""
