"""Sets attributes that a guide asks for, such as the answer to a survey."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from guides.errors import Invalid
from guides.kind import SetAttribute
from guides.models import Company, Person
from guides.people.attributes import apply_changes

log = logging.getLogger(__name__)


async def set_attributes(person_id: UUID, requested: Iterable[SetAttribute]) -> None:
    """Sets attributes of a person and of their company, in the transaction of the cause; logs and leaves out what cannot be stored."""
    person = await Person.select_for_update().get_or_none(id=person_id)
    if person is None:
        return
    company = await Company.select_for_update().get_or_none(id=person.company_id) if person.company_id else None
    for request in requested:
        owner = person if request.of == "person" else company
        if owner is None:
            continue
        try:
            changed = apply_changes(owner.attributes, {request.name: request.value}, f"{request.of}.attributes")
        except Invalid as error:
            log.warning("an attribute a guide asks for was not set: %s", error)
            continue
        if changed is not None:
            owner.attributes = changed
    await person.save(update_fields=["attributes"])
    if company is not None:
        await company.save(update_fields=["attributes"])
