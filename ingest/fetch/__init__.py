"""Web pages and feeds, fetched so that no address leads into the network of whoever runs this."""
