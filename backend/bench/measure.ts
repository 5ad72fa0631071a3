import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../test/support/build';

/** One run of a command. */
export interface Sample {
  readonly seconds: number;
  /** The maximum resident set size of the process, in MiB. */
  readonly peak: number;
}

const PRELOAD = path.join(__dirname, 'peak-memory.js');

/** Runs a Node.js script in a process of its own, waits for its end, and measures it from outside. */
export function measure(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Sample {
  const report = path.join(os.tmpdir(), `prd-maker-peak-${String(process.pid)}`);
  const { PATH = '', HOME = '' } = process.env;
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', PRELOAD, ...args], {
    cwd,
    env: { PATH, HOME, PEAK_MEMORY_FILE: report, ...env },
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`);
  const peak = Number(fs.readFileSync(report, 'utf8')) / 1024;
  fs.rmSync(report);
  return { seconds, peak };
}

const CLI = path.join(ROOT, 'node_modules/sequelize-cli/lib/sequelize');

/** The same of a command of sequelize-cli, typed in a folder, on a database. */
export function measureCli(
  command: string,
  cwd: string,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Sample {
  return measure([CLI, command], cwd, { DATABASE_URL: url, ...env });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return (lower + upper) / 2;
}

/** One line of a comparison with plain sequelize-cli: medians, and the median of the ratios, sample by sample. */
export function comparison(what: string, ours: readonly Sample[], plain: readonly Sample[], aim: string) {
  const ratio = (of: (sample: Sample) => number) =>
    median(ours.map((sample, n) => of(sample) / of(plain[n] ?? sample)));
  const wall = ({ seconds }: Sample) => seconds;
  const peak = (sample: Sample) => sample.peak;
  return {
    what,
    'ours s': median(ours.map(wall)).toFixed(3),
    'plain s': median(plain.map(wall)).toFixed(3),
    'ratio of times': ratio(wall).toFixed(3),
    aim,
    'ours MiB': median(ours.map(peak)).toFixed(1),
    'plain MiB': median(plain.map(peak)).toFixed(1),
    'ratio of peaks': ratio(peak).toFixed(3),
  };
}
