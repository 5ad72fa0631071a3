import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Location } from './location';

export interface ProgramResult {
  readonly status: number | null;
  /** What it printed, in one line. */
  readonly output: string;
}

/**
 * Runs one of PostgreSQL's programs as the server's user, in a new environment: PGDATA, PGPORT, PGOPTIONS and the locale
 * of the current user are not meant for the server.
 *
 * Its output goes to a file, because the server that `pg_ctl` starts would keep a pipe open.
 */
export function runServerProgram(
  binaries: string,
  program: 'initdb' | 'pg_ctl' | 'postgres',
  args: readonly string[],
  { folder, runAs }: Location,
): ProgramResult {
  const outputFile = path.join(folder, `${program}-${String(process.pid)}.out`);
  const descriptor = fs.openSync(outputFile, 'w+', 0o600);
  try {
    const result = spawnSync(path.join(binaries, 'bin', program), args, {
      ...runAs,
      cwd: folder,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', descriptor, descriptor],
    });
    const printed = `${result.error?.message ?? ''} ${fs.readFileSync(outputFile, 'utf8')}`;
    return { status: result.status, output: printed.replace(/\s+/g, ' ').trim() };
  } finally {
    fs.closeSync(descriptor);
    fs.rmSync(outputFile, { force: true });
  }
}
