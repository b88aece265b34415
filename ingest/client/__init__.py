"""How the commands reach an index: in this process, or through the server that has it open."""
