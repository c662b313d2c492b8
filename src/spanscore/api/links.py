"""Where to look at a span."""

from typing import Final

from spanscore._account import span_page
from spanscore.api._recording import known_connection_at
from spanscore.errors import ConfigError, ParentError
from spanscore.wire.parent import ParentKind
from spanscore.wire.slug import Slug

NOOP_SPAN_PERMALINK: Final = "https://www.braintrust.dev/noop-span"
"""The link of a span that is not recorded."""


def permalink(slug: str, org_name: str | None = None, app_url: str | None = None) -> str:
    """Where to look at the span that `Span.export()` gave: a page of Braintrust's, or a command.

    It is a page where spans go to Braintrust, whose account is asked for its organisation then and raises
    what `login` raises; or where both `org_name` and `app_url` say whose it is. NOOP_SPAN_PERMALINK is the
    link of "", which a span that is not recorded gives. Raises ParentError for a text that names no span,
    ConfigError for a span of a project that only its name is known of, of another account.
    """
    if not slug:
        return NOOP_SPAN_PERMALINK
    found = Slug.parse(slug)
    if found.trace_id is None or found.span_id is None:
        raise ParentError(f"{slug!r} names a container and no span in it; give what Span.export() gave")
    connection = known_connection_at(str(found.parent))
    account = None if connection is None else connection.account
    if org_name and app_url:
        if found.parent.kind is ParentKind.PROJECT_NAME:
            raise ConfigError(
                f"a page needs the id of the project {found.parent.value!r}; leave org_name out"
            )
        return span_page(found, org_name, app_url)
    return f"spanscore trace {found.trace_id:032x}" if account is None else account.span_page(slug)
