"""The verbs: pure steps from records to records. No stage imports another."""
