"""Listening: one or several processes, and what make run starts; a signal ends all of it in order, with exit code 0."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import uvicorn
import uvloop
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from guides.accounts import members
from server.app import create_app
from server.config.settings import Settings, SettingsRefused, refuse_bind
from server.demo import create_demo, seed
from server.http.header_limits import Bounded
from server.process import lifespan

DRAIN_SECONDS = 10
KEEP_ALIVE_SECONDS = 65
BACKLOG = 2048


class Server(uvicorn.Server):
    """One listener that leaves signals to whoever started it, and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: one place for all listeners of the process decides."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        self.ready.set()


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve the product until told to stop; raises SettingsRefused when it must not or cannot listen there."""
    refuse_bind(settings, host)
    listening = bound(host, port)
    uvloop.run(_announce(settings))
    if workers > 1:
        config = _config("server.app:from_environment", factory=True, workers=workers)
        Multiprocess(config, [listening]).run()
        return
    uvloop.run(_serve(settings, listening))


def run(settings: Settings) -> None:
    """What make run starts: the product and the demo app in one process, filled on the first run."""
    product = bound("127.0.0.1", settings.port)
    demo = bound("127.0.0.1", settings.demo_port)
    logging.getLogger().setLevel(logging.WARNING)
    uvloop.run(_run(settings, product, demo))


def bound(host: str, port: int) -> socket.socket:
    """A socket on that port; raises SettingsRefused with a sentence when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise SettingsRefused(
            [f"{host}:{port} cannot be listened on ({error.strerror}). Choose another port with PORT or --port."]
        ) from error
    listening.set_inheritable(True)
    return listening


def say(*lines: str) -> None:
    """Print for the person at the console, if anybody is there."""
    with suppress(OSError, ValueError):
        print(*lines, sep="\n", flush=True)


async def _serve(settings: Settings, listening: socket.socket) -> None:
    app = create_app(settings)
    async with app.started():
        await _until_told([(Server(_config(app, lifespan="off")), listening)])


async def _run(settings: Settings, product: socket.socket, demo: socket.socket) -> None:
    demo_url = f"http://localhost:{settings.demo_port}"
    async with lifespan.opened(settings):
        project = await seed.fill_if_fresh()
        app = create_app(settings, demo_url if project else "")
        servers = [(Server(_config(app, lifespan="off")), product)]
        if project is not None:
            key = (await seed.production_of(project)).public_key
            servers.append((Server(_config(create_demo(settings.public_url, key), lifespan="off")), demo))
        async with lifespan.at_work(app.running):
            await _until_told(servers, await _welcome(settings, demo_url if project else ""))


async def _announce(settings: Settings) -> None:
    """Until somebody has claimed this installation, say how."""
    async with lifespan.opened(settings):
        secret = await members.setup_token()
    if secret:
        say("", f"  Set up once:  {settings.public_url}/admin/setup?token={secret}", "")


async def _welcome(settings: Settings, demo_url: str) -> Sequence[str]:
    secret = await members.setup_token()
    first = f"/admin/setup?token={secret}" if secret else "/admin/login"
    lines = ["", f"  Handrail   {settings.public_url}/admin"]
    if demo_url:
        lines.append(f"  Demo app   {demo_url}")
    lines += ["", f"  {'Set up once' if secret else 'Sign in'}:  {settings.public_url}{first}", ""]
    return lines


async def _until_told(servers: Sequence[tuple[Server, socket.socket]], ready: Sequence[str] = ()) -> None:
    """Serve until a signal; a second one does not wait for those still being answered."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server, _ in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    serving = [server.serve([listening]) for server, listening in servers]
    await asyncio.gather(*serving, _tell([server for server, _ in servers], ready))


async def _tell(servers: Sequence[Server], ready: Sequence[str]) -> None:
    for server in servers:
        await server.ready.wait()
    if ready:
        say(*ready)


def _config(app: ASGIApp | str, *, factory: bool = False, workers: int = 1, lifespan: str = "on") -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        lifespan="on" if lifespan == "on" else "off",
        interface="asgi3",
        http=Bounded,
        ws="none",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
