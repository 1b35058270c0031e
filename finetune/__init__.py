"""Train the models of `models/`, each in one file that reads as a recipe."""
