"""From columns to features: the recipe, shared weights and the sample."""
