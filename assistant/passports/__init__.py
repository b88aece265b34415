"""Quotes carried away with all that is needed to find them again, and found again in what was carried away.

Takes places in documents, or a file with quotes; gives passports, files in six forms, and a verdict for each quote.
"""
