import fs from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { DEFAULT_LIMITS, type Limits } from '../session';
import { ConfigurationError } from './errors';
import { misspelt } from './misspelt';

// The only module of this package that reads settings from the environment, and from a file `.env` in the current folder.

const ENVIRONMENTS = ['development', 'test', 'production'];

/** A setting, or undefined. One that is set to nothing is not set, as in a `.env` file. */
export function variable(name: string): string | undefined {
  loadFile();
  return process.env[name] || undefined;
}

/** The variables that name the database: as a URL, and in parts. */
const URLS = ['TEST_DATABASE_URL', 'DATABASE_URL'];
/** The second, for messages. */
export const DB_VARIABLES = 'the DB_* variables';
export const PARTS = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'];

/** Those that limit how long a migration waits. */
const LIMITS = [
  'MIGRATION_WAIT',
  'MIGRATION_LOCK_TIMEOUT',
  'MIGRATION_LOCK_WAIT',
  'MIGRATION_STATEMENT_TIMEOUT',
];

let isLoaded = false;

/** The variables of the shell take precedence over those of the file. A file that cannot be read is not one that is absent. */
function loadFile(): void {
  if (isLoaded) return;
  const { error, parsed = {} } = loadDotenv({ quiet: true });
  const isThere = () => fs.lstatSync('.env', { throwIfNoEntry: false }) !== undefined; // a link to nothing, too
  if (error && (error.code !== 'ENOENT' || isThere())) {
    throw new ConfigurationError(
      `.env in ${process.cwd()} cannot be read: ${error.message}. Nothing was done. Correct or remove it.`,
    );
  }
  if (!error) assertAssigned(Object.keys(parsed));
  isLoaded = true;
}

/** @throws ConfigurationError for a `.env` that is not UTF-8, or for a line of it that names a variable of ours and gives it no value: it would be passed over */
function assertAssigned(assigned: readonly string[]): void {
  const text = fs.readFileSync('.env', 'utf8');
  if (text.includes('\0')) {
    throw new ConfigurationError(
      `.env in ${process.cwd()} cannot be read: it is not UTF-8. Nothing was done. Correct or remove it.`,
    );
  }
  const lines = text.split('\n');
  for (const [n, line] of lines.entries()) {
    const [, name = ''] = /^\s*(?:export\s+)?(\w+)/.exec(line) ?? [];
    const isOurs = ['NODE_ENV', ...URLS, ...PARTS, ...LIMITS].includes(name);
    if (!isOurs || assigned.includes(name)) continue;
    throw new ConfigurationError(
      `.env in ${process.cwd()}, line ${String(n + 1)}: ${name} is not given a value. Nothing was done. Write ${name}=…`,
    );
  }
}

/** @throws ConfigurationError where one of some variables is misspelt, which would be passed over */
export function assertSpelt(ours: readonly string[]): void {
  loadFile();
  const set = Object.keys(process.env).filter((name) => process.env[name] !== '');
  const [found] = misspelt(set, ours);
  if (!found) return;
  throw new ConfigurationError(
    `${found.typed} is set, and is not read; perhaps you mean ${found.meant}. Nothing was done. Correct it, or run the ` +
      `command without it: env -u ${found.typed} …`,
  );
}

/**
 * What of some options npm has taken for settings of its own, since no `--` was typed in front of them: it hands them on in
 * the environment alone, and the command would do something else than what was typed.
 *
 * @returns the options, and the line that was meant
 */
export function optionsTakenByNpm(options: readonly string[]): { options: string[]; meant: string } {
  const taken = options.filter(
    (option) => process.env[`npm_config_${option.slice(2).replaceAll('-', '_')}`] !== undefined,
  );
  const script = process.env['npm_lifecycle_event'] ?? '…';
  return { options: taken, meant: `npm run --silent ${script} -- ${taken.join(' ')}` };
}

/** @throws ConfigurationError where NODE_ENV is none of `ENVIRONMENTS` */
export function nodeEnvironment(): string {
  const environment = variable('NODE_ENV') ?? 'development';
  if (ENVIRONMENTS.includes(environment)) return environment;
  throw new ConfigurationError(`NODE_ENV is "${environment}". It must be one of ${ENVIRONMENTS.join(', ')}.`);
}

/** How long a run waits for another one on the same database, in milliseconds. */
export function migrationWaitMs(): number {
  return durationMs('MIGRATION_WAIT', 'seconds', 600_000);
}

/** How long a migration waits for locks, and how long its statements may take. */
export function migrationLimits(): Limits {
  const { lockTimeoutMs, lockWaitMs, longStatementMs } = DEFAULT_LIMITS;
  return {
    lockTimeoutMs: durationMs(
      'MIGRATION_LOCK_TIMEOUT',
      'milliseconds',
      lockTimeoutMs,
      SHORTEST_LOCK_TIMEOUT_MS,
    ),
    lockWaitMs: durationMs('MIGRATION_LOCK_WAIT', 'seconds', lockWaitMs, 1000),
    longStatementMs: durationMs('MIGRATION_STATEMENT_TIMEOUT', 'seconds', longStatementMs, 1000),
  };
}

const MILLISECONDS = { milliseconds: 1, seconds: 1000 };
/** PostgreSQL's timeouts are integers of 32 bits; 0 means no timeout. */
const LONGEST_MS = 2 ** 31 - 1;

/** In less, even a lock that no session holds cannot be acquired. */
const SHORTEST_LOCK_TIMEOUT_MS = 20;

function durationMs(
  name: string,
  unit: keyof typeof MILLISECONDS,
  defaultMs: number,
  shortestMs = 0,
): number {
  assertSpelt(LIMITS);
  const given = variable(name);
  if (given === undefined) return defaultMs;
  const factor = MILLISECONDS[unit];
  const milliseconds = Number(given) * factor;
  if (/^\d+$/.test(given) && milliseconds <= LONGEST_MS && milliseconds >= shortestMs) return milliseconds;
  const [least, most] = [Math.ceil(shortestMs / factor), Math.floor(LONGEST_MS / factor)];
  throw new ConfigurationError(
    `${name} is "${given}". It must be a number of ${unit}: a whole number, at least ${String(least)}, at most ` +
      `${String(most)}. Nothing was done.`,
  );
}
