"""What can keep the listener from starting."""


class ListenerError(Exception):
    """The listener cannot listen; the message names the setting and what to do."""
