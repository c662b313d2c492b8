"""Where to look at a span."""

from urllib.parse import quote, urlencode

from spanscore.api._recording import connection_in_force
from spanscore.api.login import login
from spanscore.errors import ParentError
from spanscore.wire.parent import ParentKind
from spanscore.wire.slug import Slug

NOOP_SPAN_PERMALINK = "https://www.braintrust.dev/noop-span"
"""The link of a span that is not recorded."""

_TYPES = {ParentKind.EXPERIMENT_ID: "experiment", ParentKind.PLAYGROUND_ID: "prompt_session"}


def permalink(slug: str, org_name: str | None = None, app_url: str | None = None) -> str:
    """Where to look at the span that `Span.export()` gave: a page of Braintrust's, or a command.

    It is a page where spans go to Braintrust, or where `org_name` and `app_url` say whose; without them the
    account is asked for its organisation, and raises what `login` raises. NOOP_SPAN_PERMALINK is the link of
    "", which a span that is not recorded gives. Raises ParentError for a text that names no span.
    """
    if not slug:
        return NOOP_SPAN_PERMALINK
    found = Slug.parse(slug)
    if found.trace_id is None or found.span_id is None:
        raise ParentError(f"{slug!r} names a container and no span in it; give what Span.export() gave")
    connection = connection_in_force()
    if (connection is None or connection.account is None) and not (org_name and app_url):
        return f"spanscore trace {found.trace_id:032x}"
    organisation = org_name or login().name
    app = (app_url or ("" if connection is None else connection.settings.app_url)).rstrip("/")
    object_id = found.parent.value
    if found.parent.kind is ParentKind.PROJECT_NAME and connection is not None:
        object_id = connection.backend.open_project(object_id, None).id
    asked = {
        "object_type": _TYPES.get(found.parent.kind, "project_logs"),
        "object_id": object_id,
        "id": f"{found.span_id:016x}",
    }
    return f"{app}/app/{quote(organisation, safe='')}/object?{urlencode(asked)}"
