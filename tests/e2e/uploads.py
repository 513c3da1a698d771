"""The pretend services of upload tests: they answer announcements, sessions and forms as the real ones do."""

import io
import itertools
import zipfile
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.e2e.services import ManyServices

BSN = "111222333"


@dataclass(slots=True)
class UploadService(ManyServices):
    """Every service with uploads behind one door; paths are those of the real ones."""

    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def app(self) -> Starlette:
        own = Starlette(
            routes=[
                Route("/v1.0/me/drive/special/{where:path}/createUploadSession", self._graph, methods=["POST"]),
                Route("/personal/{where:path}/uploadSession", self._session, methods=["PUT", "GET", "DELETE"]),
                Route("/upload", self._resumable, methods=["POST", "PUT", "DELETE"]),
                Route("/upload/v1beta/files", self._resumable, methods=["POST", "PUT", "DELETE"]),
                Route("/upload/_/", self._resumable, methods=["POST", "PUT", "DELETE"]),
                Route("/backend-api/files", self._chatgpt_files, methods=["POST"]),
                Route("/rest/uploads/create_upload_url", self._perplexity_place, methods=["POST"]),
                Route("/v1/{kind:path}", self._with_id, methods=["POST"], name="ids"),
                Route("/rest/app-chat/upload-file", self._with_id, methods=["POST"]),
                Route("/api/organizations/{rest:path}/upload-file", self._with_id, methods=["POST"]),
                Route("/api/v0/file/upload_file", self._with_id, methods=["POST"]),
            ]
        )
        own.router.routes += super(UploadService, self).app().routes
        return own

    async def _graph(self, request: Request) -> Response:
        await self._keep(request)
        place = "https://westermeer-my.sharepoint.com/personal/a_b/_api/v2.0/drives/b/items/01V/uploadSession"
        return JSONResponse(
            {
                "expirationDateTime": "2099-11-23T10:00:00Z",
                "nextExpectedRanges": ["0-"],
                "uploadUrl": f"{place}?guid=f958267e-4269-596f-8ad5-{next(self._numbers):012}&overwrite=False",
            }
        )

    async def _chatgpt_files(self, request: Request) -> Response:
        await self._keep(request)
        file_id = f"file_5c733854a40758dea2dd{next(self._numbers):08}"
        place = f"https://sdmntprwesteurope.oaiusercontent.com/files/{file_id}/raw?se=2099&sig=VOORBEELD"
        return JSONResponse({"status": "success", "upload_url": place, "file_id": file_id})

    async def _perplexity_place(self, request: Request) -> Response:
        await self._keep(request)
        bucket = "https://ppl-ai-file-upload.s3.amazonaws.com/"
        key = f"web/direct-files/attachments/1/{next(self._numbers):08}/bestand"
        return JSONResponse(
            {
                "s3_bucket_url": bucket,
                "s3_object_url": bucket + key,
                "fields": {"acl": "private", "key": key, "policy": "VOORBEELD"},
            }
        )

    async def _with_id(self, request: Request) -> Response:
        """Takes a file or an announcement and answers with an id, under every key a service uses for it."""
        await self._keep(request)
        one = f"upload-{next(self._numbers):012}"
        named = dict.fromkeys(("id", "file_uuid", "fileMetadataId"), one)
        return JSONResponse(named | {"data": {"biz_data": {"id": one}}})

    async def _session(self, request: Request) -> Response:
        body = await self._keep(request)
        if request.method == "GET":
            return JSONResponse({"expirationDateTime": "2099-11-23T10:00:00Z", "nextExpectedRanges": ["0-"]})
        if request.method == "DELETE":
            return Response(status_code=204)
        return JSONResponse({"id": "01VOORBEELD", "name": "Plan.docx", "size": len(body)}, status_code=201)

    async def _resumable(self, request: Request) -> Response:
        await self._keep(request)
        command = request.headers.get("x-goog-upload-command", "")
        if command.startswith("start"):
            url = f"https://{request.headers['host']}{request.url.path}"
            place = f"{url}?upload_id=VOORBEELD{next(self._numbers):06}&upload_protocol=resumable"
            return Response(headers={"x-goog-upload-url": place, "x-goog-upload-status": "active"})
        if request.method == "DELETE" or command == "cancel":
            return Response(status_code=499 if not command else 200)
        return Response("/contrib_service/ttl_1d/VOORBEELD", headers={"x-goog-upload-status": "final"})


def unzipped(content: bytes) -> bytes:
    """Every part of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist())
