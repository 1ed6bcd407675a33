"""Text that can be written down."""


def is_unicode(text: str) -> bool:
    """Whether no half of a surrogate pair stands in it: JSON and YAML can spell one, no UTF-8 file can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
