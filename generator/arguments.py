"""The command line's arguments, made ready for pydantic-settings; and its complaints in one line each."""

import json

from pydantic import ValidationError
from pydantic_settings import SettingsError


def whole(arguments: list[str]) -> list[str]:
    """The arguments as pydantic-settings reads them: names with hyphens, and each value of --set in quotes.

    Names may be spelt as recipes spell their keys, `--teacher.base_url`; values of --set may have commas.
    """
    named, value_of_set = [], False
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if value_of_set:
            named.append(json.dumps(argument))
        elif name.startswith("--") and name != "--":
            value = json.dumps(value) if name == "--set" and equals else value
            named.append(name.replace("_", "-") + equals + value)
        else:
            named.append(argument)
        value_of_set = argument == "--set" and not value_of_set
    return named


def option_mistakes(why: ValidationError | SettingsError) -> list[str]:
    if isinstance(why, SettingsError):
        return [f"error: {why}"]
    return [
        f"error: {'.'.join(map(str, error['loc']))}: {error['msg']} (found {error['input']!r})"
        for error in why.errors(include_url=False)
    ]
