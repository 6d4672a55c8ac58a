"""An attribute that a filter or an order names, as it is found in a resource's JSON.

Which attribute a name means, in which case and under which URN, and what type it has, is the library's to say: this
holds only where its values are, and the form in which they are compared.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scim2_models import Extension
from scim2_models.path import AttributeBinding

from core.store.identity_columns import exact_key, name_key

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute, or one sub-attribute."""

    extension: str | None
    """The URN under which it stands; `None` for an attribute of the resource itself."""
    attribute: str
    sub: str | None
    is_list: bool
    is_exact: bool
    """Whether its case counts (RFC 7643 §2.2, caseExact)."""
    type: type | None

    @staticmethod
    def of(binding: AttributeBinding) -> "Field":
        """The field that the library bound a path to."""
        path = binding.urn.rsplit(":", 1)[-1]
        attribute, _, sub = path.partition(".")
        schema = binding.urn[: -len(path) - 1] if issubclass(binding.model, Extension) else None
        multiple = binding.is_multivalued
        return Field(schema, attribute, sub or None, multiple, binding.case_exact, binding.target_type)

    @property
    def name(self) -> str:
        """Its path, in the case of the schema."""
        path = self.attribute if self.sub is None else f"{self.attribute}.{self.sub}"
        return path if self.extension is None else f"{self.extension}:{path}"

    def reader(self) -> Callable[[Document], Any]:
        """A function that reads it from a resource: a list of values where it has several, `None` where it has none."""
        attribute, sub, extension = self.attribute, self.sub, self.extension

        def read(document: Document) -> Any:
            host = document if extension is None else document.get(extension)
            value = host.get(attribute) if host else None
            if not value and (value is None or value == [] or value == {}):
                return None
            if sub is None:
                return value
            if type(value) is list:
                return [each.get(sub) if type(each) is dict else None for each in value]
            return value.get(sub) if type(value) is dict else None

        return read

    def comparable(self, value: Any) -> Any:
        """The form in which a value of it is compared, and ordered."""
        if type(value) is str:
            return self._of_text(value)
        return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value

    def _of_text(self, value: str) -> Any:
        if self.type is datetime:
            return moment(value)
        if self.type is bytes:
            try:
                return base64.b64decode(value)
            except binascii.Error:
                return None
        return exact_key(value) if self.is_exact else name_key(value)


def moment(text: str) -> datetime | None:
    """A time as SCIM writes it (RFC 7643 §2.3.5); one without an offset is taken as UTC. `None` where it is none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
