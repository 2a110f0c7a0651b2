"""The nouns: frozen records, checked once when they are made."""
