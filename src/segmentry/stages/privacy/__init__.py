"""What may be told about few people: pseudonyms, small counts and stand-ins."""
