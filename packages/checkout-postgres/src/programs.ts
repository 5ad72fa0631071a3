import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Location } from './location';

export interface ProgramResult {
  readonly status: number | null;
  /** What it printed, in one line. */
  readonly complaint: string;
}

/**
 * Runs one of PostgreSQL's programs as the server's user, in an environment of its own: PGDATA, PGPORT,
 * PGOPTIONS and the locale of whoever types the command are not the server's business.
 *
 * Its output goes to a file, because the server that `pg_ctl` leaves behind would hold a pipe open for ever.
 */
export function runServerProgram(
  binaries: string,
  program: 'initdb' | 'pg_ctl' | 'postgres',
  args: readonly string[],
  { folder, runAs }: Location,
): ProgramResult {
  const output = path.join(folder, `${program}-${String(process.pid)}.out`);
  const descriptor = fs.openSync(output, 'w+', 0o600);
  try {
    const result = spawnSync(path.join(binaries, 'bin', program), args, {
      ...runAs,
      cwd: folder,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', descriptor, descriptor],
    });
    const printed = `${result.error?.message ?? ''} ${fs.readFileSync(output, 'utf8')}`;
    return { status: result.status, complaint: printed.replace(/\s+/g, ' ').trim() };
  } finally {
    fs.closeSync(descriptor);
    fs.rmSync(output, { force: true });
  }
}
