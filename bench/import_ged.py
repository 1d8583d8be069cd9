"""How fast UCDP GED is imported, and how much memory the importing process takes.

    SITREP_DATA_DIR=/tmp/bench python bench/import_ged.py [--rows 300000]

Takes the Syrian rows in ../shared/data/ucdp and, for more, makes SYNTHETIC ones of them: each gets a new id, other days, and the
place of a random row of the same precision, as GED's events share their places. They are about nothing that happened. Runs the
command itself in a process of its own, on the database of SITREP_DATABASE_URL or SITREP_DATA_DIR, which must hold no events yet.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

SYRIA = Path(__file__).parents[2] / "shared" / "data" / "ucdp" / "ged-syria-2016-2019.csv.gz"
PLACE = ("where_coordinates", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid")
SITREP = (sys.executable, "-c", "from app.cli import main; main()")
JITTERED = 0.2
"""Share of synthetic rows whose point is moved by up to 0.05 degrees, so that there are as many places as in GED (one to five rows)."""


def synthetic(count: int, path: Path) -> None:
    """Write so many rows that look like GED's and are not."""
    chance = random.Random(1)  # noqa: S311  # the same file each time
    with gzip.open(SYRIA, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_precision: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_precision.setdefault(row["where_prec"], []).append(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for number in range(count):
            row = dict(rows[number % len(rows)])
            other = chance.choice(by_precision[row["where_prec"]])
            row.update({name: other[name] for name in PLACE})
            if chance.random() < JITTERED and row["where_prec"] in {"1.0", "2.0"}:
                lat, lon = (
                    float(row[name]) + chance.uniform(-0.05, 0.05) for name in ("latitude", "longitude")
                )
                row |= {
                    "latitude": f"{lat:.6f}",
                    "longitude": f"{lon:.6f}",
                    "geom_wkt": "",
                    "priogrid_gid": "",
                }
            moved = timedelta(days=chance.randrange(-9000, 1000))
            for name in ("date_start", "date_end"):
                row[name] = str(date.fromisoformat(row[name]) + moved)
            row |= {
                "id": str(10_000_000 + number),
                "year": row["date_start"][:4],
                "source_date": row["date_start"],
            }
            row["source_headline"] = f"{row['source_headline']} ({number})"
            writer.writerow(row)


def measure(path: Path, *options: str) -> None:
    """Run the command, and say how long it took and how much memory."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        command = [*SITREP, "import", "ucdp-ged", str(path), *options]
        process = subprocess.Popen(command, stdout=said)  # noqa: S603  # our own command
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        said.seek(0)
        lines = [line.split() for line in said if line.split()[:1] == ["read"]]
    if status != 0 or not lines:
        raise SystemExit(f"The import of {path.name} failed, or it was there before.")
    count = int(lines[0][1].replace(",", ""))
    print(
        f"{path.name} {' '.join(options)}: {count:,} rows in {took:.1f} s, {count / took:,.0f} rows/s;"
        f" {used.ru_utime + used.ru_stime:.1f} s of the client's processor, at most {used.ru_maxrss / 1024:,.0f} MiB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=300_000, help="of the synthetic file; 0 for none")
    rows = parser.parse_args().rows
    subprocess.run([*SITREP, "seed"], check=True)  # noqa: S603  # our own command
    measure(SYRIA)
    with tempfile.TemporaryDirectory() as folder:
        if rows:
            path = Path(folder, f"synthetic-{rows}.csv")
            synthetic(rows, path)
            measure(path)
            measure(path, "--force")


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    main()
