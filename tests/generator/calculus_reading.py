"""The second reading of the problems that the calculus brain writes: their expressions, from the words alone."""

import json
import re

_ASKED = (
    (r"Differentiate (.+) with respect to x\.", "Derivative({}, x)"),
    (r"Find an antiderivative of (.+) with respect to x\.", "Integral({}, x)"),
    (r"Compute the definite integral of (.+) from x = (\S+) to x = (\S+)\.", "Integral({}, (x, {}, {}))"),
    (r"Find the limit of (.+) as x (?:tends to|approaches) (\S+)\.", "Limit({}, x, {})"),
    (r"Compute the sum of (.+) for k from (\S+) to (\S+)\.", "Sum({}, (k, {}, {}))"),
)


def read_again(request: str) -> str:
    """The reply to the request of a second reading."""
    for said, expression in _ASKED:
        found = re.search(said, request)
        if found:
            return json.dumps({"claims": {"expression": expression.format(*found.groups()).replace("infinity", "oo")}})
    return "I can't read this."
