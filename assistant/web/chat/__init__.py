"""The chat page: layout, event handlers, filters, suggested questions, and past conversations in the browser."""
