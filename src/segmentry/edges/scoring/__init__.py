"""Placing new customers with a saved model."""
