"""Load from four clients: wrk over HTTP, pgbench over SQL. Both are compiled, so that neither is what is measured."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from app.db.postgres import find_programs

CLIENTS = 4
MOST_SCRIPTS = 64
"""Of statements for pgbench, which takes 128 files and draws among them."""
_PATIENCE_S = 60

# A line is a path, and behind a tab an ETag that the client has. Each wrk goes on in the list where the one before it ended.
_SCRIPT = """
local asked, at = {}, 0
function init(args)
    at = tonumber(args[2])
    for line in io.lines(args[1]) do
        local path, tag = line:match("^([^\\t]+)\\t?(.*)$")
        asked[#asked + 1] = wrk.format("GET", path, {["Host"] = wrk.headers["Host"], ["If-None-Match"] = tag ~= "" and tag or nil,
            ["Accept-Encoding"] = args[3] ~= "" and args[3] or nil})
    end
end
function request()
    at = at % #asked + 1
    return asked[at]
end
function done(summary, latency)
    local wrong = summary.errors
    io.write(string.format("measured %d %d %d %d %f %f %f\\n", summary.requests, summary.duration,
        wrong.status + wrong.connect + wrong.read + wrong.write + wrong.timeout, summary.bytes,
        latency:percentile(50), latency:percentile(95), latency.max))
end
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one run gave."""

    per_s: float
    p50_ms: float
    p95_ms: float
    answers: int
    wrong: int = 0
    """Answers that were errors, or none at all."""
    cpu_ms: float | None = None
    """What an answer took of the server's own processor time. Others on the machine change it less than they do the throughput."""


class LoadError(RuntimeError):
    """A load generator is missing or failed; the message says how."""


async def over_http(
    folder: Path, port: int, asked: Sequence[str], seconds: int, *, start: int = 0, encoding: str = ""
) -> Rate:
    """Ask for these paths in their order, from `start` on and round again, over four connections that are kept."""
    script, listed = folder / "ask.lua", folder / "asked.txt"
    script.write_text(_SCRIPT)
    listed.write_text("\n".join(asked) + "\n")
    told = await _run(
        _program("wrk"), "--threads", "1", "--connections", str(CLIENTS), "--duration", f"{seconds}s",
        "--timeout", f"{_PATIENCE_S}s", "--latency", "--script", str(script), f"http://127.0.0.1:{port}",
        "--", str(listed), str(start % len(asked)), encoding,
    )  # fmt: skip
    found = re.search(r"^measured (.*)$", told, re.MULTILINE)
    if found is None:
        raise LoadError(f"wrk told nothing: {told}")
    answers, took_us, wrong, _, p50, p95, _ = map(float, found[1].split())
    return Rate(answers / took_us * 1e6, p50 / 1000, p95 / 1000, int(answers), int(wrong))


async def over_sql(
    folder: Path, url: str, settings: dict[str, str], statements: Sequence[str], seconds: int
) -> Rate:
    """Run these statements in an order of chance over four connections with these settings of the session."""
    for old in folder.glob("latency*"):
        old.unlink()
    files = []
    for number, statement in enumerate(statements[:MOST_SCRIPTS]):
        path = folder / f"statement{number}.sql"
        path.write_text(statement.strip() + ";\n")
        files += ["--file", str(path)]
    where = make_url(url)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    given = {
        "host": where.query.get("host", where.host),
        "port": where.query.get("port", where.port),
        "user": where.username,
        "password": where.password,
        "dbname": where.database,
        "options": options,
    }
    target = " ".join(f"{name}='{value}'" for name, value in given.items() if value)
    told = await _run(
        str(find_programs().folder / "pgbench"), "--no-vacuum", "--client", str(CLIENTS), "--time", str(seconds),
        "--random-seed", "1", "--log", "--log-prefix", str(folder / "latency"), *files, target,
    )  # fmt: skip
    found = re.search(r"^tps = ([\d.]+)", told, re.MULTILINE)
    times = sorted(
        int(line.split()[2]) for path in folder.glob("latency*") for line in path.read_text().splitlines()
    )
    if found is None or not times:
        raise LoadError(f"pgbench told nothing: {told}")
    return Rate(float(found[1]), _at(times, 0.5) / 1000, _at(times, 0.95) / 1000, len(times))


def _at(times: Sequence[int], share: float) -> int:
    return times[min(len(times) - 1, int(len(times) * share))]


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise LoadError(f"{name} is not installed. On Debian and Ubuntu: sudo apt-get install {name}")
    return found


async def _run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    text = told.decode(errors="replace")
    if process.returncode:
        raise LoadError(f"{command[0]} failed: {text}")
    return text
