"""Any Python value as JSON text within budgets, and back.

to_json         any value to JSON text; never raises
  fast path     _encode: plain data goes through orjson as it is, if its _weight allows;
                _escapes writes long texts full of quotes and newlines
  slow path     _plain walks everything else into plain data, asking _readers what a value consists of,
                _fit cuts plain data that is too large, but no _media
  credentials   _credentials knows their keys; _key_check finds them on the fast path, _plain leaves them out
from_json       text to a value
merge_json      two texts to one
canonical_json  one text for all that are equal
"""

from spanscore._json._allowance import Budget
from spanscore._json._canonical import canonical_json
from spanscore._json._credentials import CREDENTIALS, REDACTED, holds_credential, is_credential
from spanscore._json._decode import from_json
from spanscore._json._encode import to_json
from spanscore._json._merge import merge_json
from spanscore._json._text import JsonText

__all__ = [
    "CREDENTIALS",
    "REDACTED",
    "Budget",
    "JsonText",
    "canonical_json",
    "from_json",
    "holds_credential",
    "is_credential",
    "merge_json",
    "to_json",
]
