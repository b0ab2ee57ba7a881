"""The one error of this room."""


class RuntimeBuildError(RuntimeError):
    """A part could not be fetched or made; the message says which and what to do."""
