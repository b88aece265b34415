"""Questions about the collection itself: which documents there are, what they mention, what one of them says in short.

Takes a question and gives an answer from the catalogue and the index, or nothing where the question is about something else.
"""
