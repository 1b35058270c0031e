"""Risk of a payment: features from journals, a score with a probability, and the reasons for it."""
