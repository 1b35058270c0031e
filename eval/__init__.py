"""Measurements: each file measures what its name says, against a baseline, and prints one JSON object."""
