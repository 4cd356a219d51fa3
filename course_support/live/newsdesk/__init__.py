"""The Django app that all lessons share: models and sample data.

There is no migrations folder on purpose: the tables are made straight from the models
(`live/settings.py`), and an empty migrations folder would leave the app without any.
"""
