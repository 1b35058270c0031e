"""The demo shop: written by us, built from one seed, the same for the same day."""
