"""The screen: everything that app.py draws. Gradio stays in here."""
