"""Bytes beside the rows: media that calls have inline, and files that a program logs.

The formats (_openai, _anthropic, _gemini, _bedrock, _data_uri) say what media look like in JSON, _search
finds them, _conversion puts references in their place, _folder keeps the bytes until they are delivered.
"""

from spanscore.attachments._attachment import Attachment, ExternalAttachment, JSONAttachment, required
from spanscore.attachments._conversion import converted, put_back, set_aside
from spanscore.attachments._folder import AttachmentFolder, linked
from spanscore.attachments._keeping import KEEPING
from spanscore.attachments._media_types import filename_for, told_by
from spanscore.attachments._search import find_media, may_hold_media

__all__ = [
    "KEEPING",
    "Attachment",
    "AttachmentFolder",
    "ExternalAttachment",
    "JSONAttachment",
    "converted",
    "filename_for",
    "find_media",
    "linked",
    "may_hold_media",
    "put_back",
    "required",
    "set_aside",
    "told_by",
]
