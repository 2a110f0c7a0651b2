"""From a customer table to named, explained segments."""
