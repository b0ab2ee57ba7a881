"""Cheatsheets whose every block is run: collected by pytest, compared with the output on the page, refreshed."""
