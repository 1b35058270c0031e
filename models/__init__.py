"""Trained models and how to call them; no training here."""
