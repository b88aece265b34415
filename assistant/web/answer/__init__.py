"""Takes the events of an answer, gives what the pages show: a conversation's exchanges, their HTML, exported text."""
