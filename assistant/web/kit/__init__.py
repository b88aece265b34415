"""What all pages are made of: HTML that is escaped, words in two languages, the head, the page around it."""
