"""The command line: `handrail COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from guides.models import Role
from guides.registry import BrokenKind
from server.cli import commands, serve
from server.config.settings import EXIT_CONFIG, Settings, SettingsRefused
from server.observability import logs


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0 done, 1 failed, 78 invalid settings."""
    options = create_parser().parse_args(arguments)
    logs.configure_logging()
    try:
        return _run_command(options, Settings.from_process(getattr(options, "port", None)))
    except SettingsRefused as error:
        print("\n".join(error.reasons), file=sys.stderr)
        return EXIT_CONFIG
    except BrokenKind as error:
        print(f"{error}. HANDRAIL_SAFE_MODE=1 starts without plugins.", file=sys.stderr)
        return EXIT_CONFIG
    finally:
        _flush_output()


def create_parser() -> argparse.ArgumentParser:
    """Creates the parser with every command and its options."""
    root = argparse.ArgumentParser("handrail", description="Self-hosted in-app onboarding and resource center.")
    subparsers = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_serve_options(subparsers.add_parser("serve", help="serve the product"))
    subparsers.add_parser("run", help="serve the product and the demo app on this machine, filled on the first run")
    subparsers.add_parser("migrate", help="bring the database up to date")
    subparsers.add_parser("demo", help="fill the demo project")
    subparsers.add_parser("settings", help="every setting with its help and value")
    subparsers.add_parser("doctor", help="what is wrong and how to fix it")
    subparsers.add_parser("work", help="background work in a process of its own").add_argument(
        "--once", action="store_true", help="do what is due, then end"
    )
    subparsers.add_parser("types", help="write embed/src/types/bodies.d.ts from the kinds").add_argument(
        "--check", action="store_true", help="only say whether it is up to date"
    )
    _add_member_and_project_commands(subparsers.add_parser("member", help="members"), subparsers.add_parser("project", help="projects"))
    return root


def _add_serve_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    command.add_argument("--port", type=int, default=None, help="the port (PORT, or 8000)")
    command.add_argument("--workers", type=int, default=1, help="how many processes (1)")


def _add_member_and_project_commands(member: argparse.ArgumentParser, project: argparse.ArgumentParser) -> None:
    add_member = member.add_subparsers(dest="action", required=True, metavar="ACTION").add_parser("add", help="add a member to a project")
    add_member.add_argument("email")
    add_member.add_argument("--role", type=Role, default=Role.VIEWER, choices=list(Role), metavar="ROLE", help=", ".join(Role))
    add_member.add_argument("--project", default=None, help="the slug of the project; not needed while there is only one")
    add_project = project.add_subparsers(dest="action", required=True, metavar="ACTION").add_parser("add", help="make a project")
    add_project.add_argument("name")


def _flush_output() -> None:
    """Flushes the output; a closed pipe does not change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run_command(options: argparse.Namespace, settings: Settings) -> int:
    commands_by_name: dict[str, Callable[[], int | None]] = {
        "serve": lambda: serve.serve(settings, options.host, settings.port, options.workers),
        "run": lambda: serve.run(settings),
        "migrate": lambda: commands.migrate(settings),
        "demo": lambda: commands.demo(settings),
        "settings": lambda: commands.print_settings(settings),
        "doctor": lambda: commands.doctor(settings),
        "work": lambda: commands.run_worker(settings, options.once),
        "types": lambda: commands.write_types(options.check),
        "member": lambda: commands.add_member(settings, options.email, options.role, options.project),
        "project": lambda: commands.add_project(settings, options.name),
    }
    return commands_by_name[options.command]() or 0


if __name__ == "__main__":
    sys.exit(main())
