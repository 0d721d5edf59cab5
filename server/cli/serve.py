"""Serves in one or several processes, and `handrail run`; a signal drains and stops with exit code 0."""

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
from server.config.settings import Settings, SettingsRefused, check_bind_address
from server.demo import create_demo, seed
from server.http.header_limits import LimitedHttpProtocol
from server.process import lifespan

DRAIN_SECONDS = 10
KEEP_ALIVE_SECONDS = 65
BACKLOG = 2048


class Server(uvicorn.Server):
    """One uvicorn server that leaves signals to its caller and sets `ready` once it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures nothing; _serve_until_signal handles signals for all servers of the process."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then sets `ready`."""
        await super().startup(sockets)
        self.ready.set()


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serves the product until a signal; raises SettingsRefused when it must not or cannot listen there."""
    check_bind_address(settings, host)
    listener = bind_socket(host, port)
    uvloop.run(_print_setup_link(settings))
    if workers > 1:
        config = _uvicorn_config("server.app:from_environment", factory=True, workers=workers)
        Multiprocess(config, [listener]).run()
        return
    uvloop.run(_serve(settings, listener))


def run(settings: Settings) -> None:
    """Serves the product and the demo app in one process; fills an empty database with the demo project."""
    product = bind_socket("127.0.0.1", settings.port)
    demo = bind_socket("127.0.0.1", settings.demo_port)
    logging.getLogger().setLevel(logging.WARNING)
    uvloop.run(_run(settings, product, demo))


def bind_socket(host: str, port: int) -> socket.socket:
    """Binds and listens on a port; raises SettingsRefused when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise SettingsRefused(
            [f"{host}:{port} cannot be listened on ({error.strerror}). Choose another port with PORT or --port."]
        ) from error
    listener.set_inheritable(True)
    return listener


def print_lines(*lines: str) -> None:
    """Prints lines; ignores a closed output."""
    with suppress(OSError, ValueError):
        print(*lines, sep="\n", flush=True)


async def _serve(settings: Settings, listener: socket.socket) -> None:
    app = create_app(settings)
    async with app.started():
        await _serve_until_signal([(Server(_uvicorn_config(app, lifespan="off")), listener)])


async def _run(settings: Settings, product: socket.socket, demo: socket.socket) -> None:
    demo_url = f"http://localhost:{settings.demo_port}"
    async with lifespan.with_database(settings):
        project = await seed.fill_if_empty()
        app = create_app(settings, demo_url if project else "")
        servers = [(Server(_uvicorn_config(app, lifespan="off")), product)]
        if project is not None:
            key = (await seed.get_production(project)).public_key
            servers.append((Server(_uvicorn_config(create_demo(settings.public_url, key), lifespan="off")), demo))
        async with lifespan.with_background_work(app.services):
            await _serve_until_signal(servers, await _welcome_lines(settings, demo_url if project else ""))


async def _print_setup_link(settings: Settings) -> None:
    """Prints the setup link until the first member exists."""
    async with lifespan.with_database(settings):
        secret = await members.create_setup_link()
    if secret:
        print_lines("", f"  Set up once:  {settings.public_url}/admin/setup?token={secret}", "")


async def _welcome_lines(settings: Settings, demo_url: str) -> Sequence[str]:
    secret = await members.create_setup_link()
    first = f"/admin/setup?token={secret}" if secret else "/admin/login"
    lines = ["", f"  Handrail   {settings.public_url}/admin"]
    if demo_url:
        lines.append(f"  Demo app   {demo_url}")
    lines += ["", f"  {'Set up once' if secret else 'Sign in'}:  {settings.public_url}{first}", ""]
    return lines


async def _serve_until_signal(servers: Sequence[tuple[Server, socket.socket]], ready: Sequence[str] = ()) -> None:
    """Serves until a signal; a second signal does not wait for open requests."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server, _ in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    serving = [server.serve([listener]) for server, listener in servers]
    await asyncio.gather(*serving, _announce_when_ready([server for server, _ in servers], ready))


async def _announce_when_ready(servers: Sequence[Server], ready: Sequence[str]) -> None:
    for server in servers:
        await server.ready.wait()
    if ready:
        print_lines(*ready)


def _uvicorn_config(app: ASGIApp | str, *, factory: bool = False, workers: int = 1, lifespan: str = "on") -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        lifespan="on" if lifespan == "on" else "off",
        interface="asgi3",
        http=LimitedHttpProtocol,
        ws="none",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
