"""The events of images that are streamed while they are made, put together."""

from collections.abc import Mapping
from typing import Any, Final

from spanscore.integrations._plain import Fields, fields_of
from spanscore.integrations.openai._answer import facts

_OF_THE_ANSWER: Final = ("background", "output_format", "quality", "size", "usage")
_OF_AN_IMAGE: Final = ("b64_json", "url", "revised_prompt")


class ImagesAccumulator:
    """Keeps the finished images; as long as there is none, the latest partial one.

    What comes out has the shape of a whole answer.
    """

    def __init__(self) -> None:
        self._finished: list[Fields] = []
        self._latest: Fields = {}

    def add(self, chunk: Any) -> None:
        fields = fields_of(chunk)
        kind = fields.get("type")
        if not isinstance(kind, str):
            return
        if kind.endswith(".completed"):
            self._finished.append(fields)
        if kind.endswith((".completed", ".partial_image")):
            self._latest = fields

    def response(self) -> Mapping[str, Any]:
        images = self._finished or ([self._latest] if self._latest else [])
        of_an_image = _OF_AN_IMAGE if self._finished else (*_OF_AN_IMAGE, "partial_image_index")
        return {
            **facts(self._latest, *_OF_THE_ANSWER),
            "data": [facts(image, *of_an_image) for image in images],
        }
