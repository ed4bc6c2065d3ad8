"""The browser app: pool, server, pages in a real browser."""
