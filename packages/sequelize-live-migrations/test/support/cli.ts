import { spawn } from 'node:child_process';
import path from 'node:path';
import { FIXTURE } from './fixture-project';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /**
   * All of the environment, but for PATH and HOME, and the PostgreSQL that these tests are run with: a test
   * starts from nothing, like a new machine.
   */
  readonly env?: Readonly<Record<string, string>>;
}

/** The native compiler takes a third less of the processor's time where it need not spare memory. Others ignore this. */
const COMPILER = { GOGC: 'off' };

const CLI = require.resolve('sequelize-cli/lib/sequelize');

/** What can be typed in a folder, unless the options name another. */
export function typedIn(folder: string) {
  /** Starts a program as a child process. */
  function start(command: string, args: readonly string[], { cwd = folder, env = {} }: RunOptions = {}) {
    const { PATH = '', HOME = '', EMBEDDED_POSTGRES = '' } = process.env;
    return spawn(command, args, { cwd, env: { PATH, HOME, EMBEDDED_POSTGRES, ...COMPILER, ...env } });
  }

  /** Runs a program to its end. */
  function run(command: string, args: readonly string[], options?: RunOptions) {
    return new Promise<Run>((resolve, reject) => {
      const child = start(command, args, options);
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => (stdout += String(chunk)));
      child.stderr.on('data', (chunk) => (stderr += String(chunk)));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** Types a line into a shell. */
  function shell(line: string, options?: RunOptions): Promise<Run> {
    return run('/bin/sh', ['-c', line], options);
  }

  /** Starts the real sequelize-cli on a database, for a test that does not let it come to its end. */
  function startSequelizeCli(line: string, url: string, options: RunOptions = {}) {
    return start(process.execPath, [CLI, ...line.split(' ')], {
      ...options,
      env: { DATABASE_URL: url, ...options.env },
    });
  }

  /** Runs the real sequelize-cli, as `npx sequelize-cli LINE` does, on a database. */
  function sequelizeCli(line: string, url: string, options: RunOptions = {}): Promise<Run> {
    const args = line.split(' ').filter((arg) => arg !== '');
    return run(process.execPath, [CLI, ...args], { ...options, env: { DATABASE_URL: url, ...options.env } });
  }

  /** The same, where it has to succeed. */
  async function succeed(line: string, url: string, options?: RunOptions): Promise<Run> {
    const result = await sequelizeCli(line, url, options);
    if (result.code !== 0) throw new Error(`${line} failed:\n${result.stdout}${result.stderr}`);
    return result;
  }

  return { start, run, shell, startSequelizeCli, sequelizeCli, succeed };
}

export const { start, run, shell, sequelizeCli, succeed } = typedIn(FIXTURE);

const BIN = path.join(__dirname, '../../bin.js');

/** Types a command on a database: one of sequelize-cli, `db:…`, or one of this package. */
export function type(command: string, url: string, options: RunOptions = {}): Promise<Run> {
  if (command.startsWith('db:')) return sequelizeCli(command, url, options);
  return run(process.execPath, [BIN, command], { ...options, env: { DATABASE_URL: url, ...options.env } });
}
