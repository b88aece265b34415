"""What several servers have in common beside Chroma: a PostgreSQL database for rows, and who of them is alive.

It takes statements and gives rows; it knows nothing of what they mean.
"""
