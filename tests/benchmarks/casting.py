"""Casts through HTTP, signed in, validated and durable, against the same statements by pgbench."""

import json
import re
import subprocess
from pathlib import Path

from tests.benchmarks.city import SELECTION, Bench
from tests.benchmarks.load import ROUNDS, SECONDS, cpu_seconds, median, wrk

CAST = Path(__file__).parent / "cast.sql"

SCRIPT = """
local tokens = {}
for line in io.lines("%(tokens)s") do tokens[#tokens + 1] = line end
local n = math.random(#tokens)
request = function()
  n = n %% #tokens + 1
  return wrk.format("POST", nil, {["Authorization"] = "Bearer " .. tokens[n], ["Content-Type"] = "application/json"},
    '%(body)s')
end
"""


async def casting(bench: Bench, figures: dict[str, float], notes: dict[str, str]) -> None:
    tokens = bench.folder / "tokens"
    tokens.write_text("\n".join(bench.tokens))
    script = bench.folder / "cast.lua"
    script.write_text(SCRIPT % {"tokens": tokens, "body": json.dumps({"selection": sorted(SELECTION)})})
    address = f"{bench.live.url}/api/v1/processes/{bench.voting.slug}/ballot/cast"
    through_http = wrk(address, bench.processes, script=script)
    assert through_http.failed == 0, "every cast must have been accepted"
    physical, cpu = _pgbench(bench)
    figures["cast_vs_pgbench"] = round(through_http.per_second / physical, 3)
    notes["casts"] = str(through_http)
    notes["pgbench"] = f"{physical:,.0f}/s, {cpu:.2f} ms of server CPU each"


def _pgbench(bench: Bench) -> tuple[float, float]:
    command = bench.server.command(
        "pgbench", "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", str(SECONDS), "-D", "ready=0",
        "-f", str(CAST), "bench",
    )  # fmt: skip
    rounds = []
    for _ in range(ROUNDS):
        before = cpu_seconds(bench.processes[-1:])
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        spent = cpu_seconds(bench.processes[-1:]) - before
        done = int(re.findall(r"transactions actually processed: (\d+)", output)[0])
        rounds.append((float(re.findall(r"tps = ([\d.]+)", output)[0]), 1000 * spent / max(done, 1)))
    return median([speed for speed, _ in rounds]), median([cpu for _, cpu in rounds])
