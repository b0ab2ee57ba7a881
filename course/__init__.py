"""The machinery of the course: it runs, proves and serves the lessons. Course text lives elsewhere."""
