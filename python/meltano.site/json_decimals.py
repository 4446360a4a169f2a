"""Lets Meltano write numbers with a fraction into the file of settings that a plugin gets.

Meltano 4.4.1 reads a setting of kind ``decimal`` from an environment variable as ``Decimal``, which Python's JSON encoder
refuses: the run ends with a traceback before the plugin starts. As ``float`` the number is written as it was given.
"""

import json
from decimal import Decimal

_default = json.JSONEncoder.default


def _default_or_number(self: json.JSONEncoder, value: object) -> object:
    return float(value) if isinstance(value, Decimal) else _default(self, value)


json.JSONEncoder.default = _default_or_number
