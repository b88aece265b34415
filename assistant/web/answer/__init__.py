"""An answer as readers see it: as HTML, as text to take along, and as it is kept in a conversation."""
