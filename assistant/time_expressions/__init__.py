"""Expressions of time: takes a text and the day it was published, gives the days that its words mean ("gestern", "in early March").

Worked out when asked, of the sentences at hand: a document's date can be corrected, so nothing of it is stored.
"""
