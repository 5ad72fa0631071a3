import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runningServer, startServer, stopServer, temporaryLocation } from '../src';

const RUNS = 5;

/** What is timed, in the order in which it happens to one server. */
const STEPS = [
  'first start: programs, initdb, start',
  'asked for while it runs',
  'stop',
  'start again',
] as const;

type Times = Record<(typeof STEPS)[number], number>;

/** `npm run bench -- server`: what it costs to have a PostgreSQL of one's own, in milliseconds. */
export async function benchServer(): Promise<void> {
  const parents = ['/dev/shm', os.tmpdir()].filter((folder) => fs.existsSync(folder));
  for (const parent of parents) {
    const samples: Times[] = [];
    for (let run = 0; run < RUNS; run += 1) samples.push(await timeServerIn(parent));
    console.log(`a server of one checkout, in ${parent}: milliseconds, of ${String(RUNS)} runs`);
    console.table(STEPS.map((step) => row(step, samples)));
  }
}

async function timeServerIn(parent: string): Promise<Times> {
  const folder = fs.mkdtempSync(path.join(parent, 'checkout-postgres-bench-'));
  fs.chmodSync(folder, 0o755); // as root, another user runs the server
  const location = temporaryLocation(folder);
  try {
    return {
      'first start: programs, initdb, start': await millisecondsOf(() => startServer(location)),
      'asked for while it runs': await millisecondsOf(() => runningServer(location)),
      stop: await millisecondsOf(() => stopServer(location)),
      'start again': await millisecondsOf(() => startServer(location)),
    };
  } finally {
    await stopServer(location);
    fs.rmSync(folder, { recursive: true });
  }
}

async function millisecondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function row(step: keyof Times, samples: readonly Times[]) {
  const sorted = samples.map((times) => times[step]).sort((one, other) => one - other);
  const shown = (index: number) => (sorted[index] ?? NaN).toFixed(1);
  return { step, fastest: shown(0), median: shown(RUNS >> 1), slowest: shown(RUNS - 1) };
}
