"""The compact chat for frames on other sites, and the button that opens it."""
