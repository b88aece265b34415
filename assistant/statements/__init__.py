"""Who said what, over all documents: takes the index of quotations and gives statements by speaker, topic and day.

Names that are one person's are one speaker, by `name_folding`, pure.
"""
