"""Pictures of proposals as JSON and files."""

from typing import Annotated

from litestar import Controller, delete, put
from litestar.datastructures import UploadFile
from litestar.params import FromPath, QueryParameter

from service.core.pictures import NotAPicture
from service.proposals import actions
from service.web.api.proposals import ProposalOut, out, written
from service.web.visit import ThisVisit, Visit


async def sent(visit: Visit) -> bytes:
    """The file: the request's body, or the part `picture` of a form."""
    if not visit.request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await visit.request.body()
    part = (await visit.form()).get("picture")
    if not isinstance(part, UploadFile):
        raise NotAPicture
    return await part.read()


class PicturesApi(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}/picture"
    tags = ["Proposals"]

    @put(operation_id="attachPicture")
    async def attach(
        self,
        visit: ThisVisit,
        slug: FromPath[str],
        number: FromPath[int],
        alt: Annotated[str, QueryParameter(max_length=300, description="What it shows, in words.")] = "",
    ) -> ProposalOut:
        """Send a JPEG, PNG or WebP file of at most 10 MB as the body, or as `picture` in a multipart form.

        It replaces the one before. The picture of a published proposal waits for moderation with the other changes.
        """
        proposal = await written(visit, slug, number)
        await actions.attach_picture(visit.session, proposal, await sent(visit), alt, by=visit.resident)
        return await out(visit, proposal)

    @delete(operation_id="removePicture")
    async def remove(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> None:
        """Take the picture away; of a published proposal once a moderator has agreed."""
        await actions.remove_picture(visit.session, await written(visit, slug, number), by=visit.resident)
