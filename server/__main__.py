"""The command handrail."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from guides.models import Role
from guides.registry import BrokenKind
from server.cli import commands, serve
from server.config.settings import UNUSABLE, Settings, SettingsRefused
from server.observability import logs


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words say; the exit code: 0 done, 1 refused, 78 when a setting stops it."""
    asked = parser().parse_args(words)
    logs.set_up()
    try:
        return _done(asked, Settings.of_process(getattr(asked, "port", None)))
    except SettingsRefused as refused:
        print("\n".join(refused.reasons), file=sys.stderr)
        return UNUSABLE
    except BrokenKind as broken:
        print(f"{broken}. HANDRAIL_SAFE_MODE=1 starts without plugins.", file=sys.stderr)
        return UNUSABLE
    finally:
        _let_go_of_output()


def parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    whole = argparse.ArgumentParser("handrail", description="Self-hosted in-app onboarding and resource center.")
    commands_of = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _serving(commands_of.add_parser("serve", help="serve the product"))
    commands_of.add_parser("run", help="serve the product and the demo app on this machine, filled on the first run")
    commands_of.add_parser("migrate", help="bring the database up to date")
    commands_of.add_parser("demo", help="fill the demo project")
    commands_of.add_parser("settings", help="every setting with its help and value")
    commands_of.add_parser("doctor", help="what is wrong and how to mend it")
    commands_of.add_parser("work", help="background work in a process of its own").add_argument(
        "--once", action="store_true", help="do what is due, then end"
    )
    commands_of.add_parser("types", help="write embed/src/types/bodies.d.ts from the kinds").add_argument(
        "--check", action="store_true", help="only say whether it is up to date"
    )
    _naming(commands_of.add_parser("member", help="members"), commands_of.add_parser("project", help="projects"))
    return whole


def _serving(serving: argparse.ArgumentParser) -> None:
    serving.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    serving.add_argument("--port", type=int, default=None, help="the port (PORT, or 8000)")
    serving.add_argument("--workers", type=int, default=1, help="how many processes (1)")


def _naming(member: argparse.ArgumentParser, project: argparse.ArgumentParser) -> None:
    adding = member.add_subparsers(dest="act", required=True, metavar="ACT").add_parser("add", help="add somebody to a project")
    adding.add_argument("email")
    adding.add_argument("--role", type=Role, default=Role.VIEWER, choices=list(Role), metavar="ROLE", help=", ".join(Role))
    adding.add_argument("--project", default=None, help="the project's word in its address; not needed while there is one")
    making = project.add_subparsers(dest="act", required=True, metavar="ACT").add_parser("add", help="make a project")
    making.add_argument("name")


def _let_go_of_output() -> None:
    """Whoever read our output may be gone; that is no reason to end with an error."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _done(asked: argparse.Namespace, settings: Settings) -> int:
    todo: dict[str, Callable[[], int | None]] = {
        "serve": lambda: serve.serve(settings, asked.host, settings.port, asked.workers),
        "run": lambda: serve.run(settings),
        "migrate": lambda: commands.migrate(settings),
        "demo": lambda: commands.demo(settings),
        "settings": lambda: commands.print_settings(settings),
        "doctor": lambda: commands.doctor(settings),
        "work": lambda: commands.do_work(settings, asked.once),
        "types": lambda: commands.write_types(asked.check),
        "member": lambda: commands.add_member(settings, asked.email, asked.role, asked.project),
        "project": lambda: commands.add_project(settings, asked.name),
    }
    return todo[asked.command]() or 0


if __name__ == "__main__":
    sys.exit(main())
