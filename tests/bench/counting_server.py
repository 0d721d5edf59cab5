"""Run the product as it is, and append every SQL statement that SQLite executes to the file that BENCH_STATEMENTS names, one a line."""

from __future__ import annotations

import os
import runpy
import sqlite3
from typing import Any

_connect = sqlite3.connect
_statements = open(os.environ["BENCH_STATEMENTS"], "a", buffering=1, encoding="utf-8")  # noqa: SIM115 (open as long as the process)


def _record(statement: str) -> None:
    _statements.write(" ".join(statement.split())[:400] + "\n")


def _traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
    connection = _connect(*args, **kwargs)
    connection.set_trace_callback(_record)
    return connection


sqlite3.connect = _traced
runpy.run_module("server", run_name="__main__", alter_sys=True)
