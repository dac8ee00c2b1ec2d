"""From what people type to the words that count."""
