"""Shelf, the library whose story the course tells: a small HTTP API on FastAPI, SQLAlchemy and PostgreSQL."""
