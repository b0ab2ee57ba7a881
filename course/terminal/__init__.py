"""The exercises in a plain terminal: list, read, check on save, hints, solutions. It reads well without colour too."""
