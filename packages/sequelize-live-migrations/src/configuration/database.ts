import { urlOfServer } from './choose-server';
import { connectionFromUrl, portFrom, urlFromConnection, type Connection } from './connection-url';
import { assertSpelt, DB_VARIABLES, nodeEnvironment, PARTS, variable } from './environment';
import { ConfigurationError } from './errors';
import { databaseVariables } from './libpq-environment';
import { placeOf } from './typed-url';

/** A database to work on. */
export interface Database {
  readonly connection: Connection;
  /** The same as a URL, with the password, for clients that only take a URL. */
  readonly url: string;
  /** Where it is configured, for messages: the name of a variable, `--url`. A fallback has none. */
  readonly source?: string;
  /** What to print before the first connection: one line, without the password. */
  readonly notice?: string;
  /** More options of Sequelize, and those of the migration log. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Creates the database unless it exists; for a server that is started on demand. */
  readonly createMissing?: () => Promise<void>;
}

export interface DatabaseSettings {
  /** The `application_name` of the connections, where the URL has none. */
  readonly applicationName: string;
  /** The database for development and test where the environment names none. In production, that is an error. */
  readonly fallback?: (environment: 'development' | 'test') => Promise<Omit<Database, 'connection'>>;
}

/**
 * The database that the environment names: with `DATABASE_URL` or `DB_*`, and before these, where NODE_ENV is `test`,
 * with `TEST_DATABASE_URL`. Where it names none, in development and test: the fallback.
 *
 * @returns what a project's config module exports as `resolveDatabase`. It reads the environment when it is first
 *   called, and returns the same database from then on, because it is called for every connection of a pool. It throws a
 *   ConfigurationError where no database is configured, or an unusable one is
 */
export function databaseFromEnvironment(settings: DatabaseSettings): () => Promise<Database> {
  let resolved: Promise<Database> | undefined;
  return () => {
    resolved ??= resolve(settings);
    return resolved;
  };
}

async function resolve({ applicationName, fallback }: DatabaseSettings): Promise<Database> {
  const environment = nodeEnvironment();
  const configured = configuredUrl(environment);
  if (configured) {
    const { source } = configured;
    const url = await urlOfServer(source, configured.url);
    return { connection: connectionFromUrl(source, url, applicationName), url, source };
  }
  if (!fallback || (environment !== 'development' && environment !== 'test')) {
    throw new ConfigurationError(
      `No database is configured, and NODE_ENV is ${environment}. Set DATABASE_URL, or DB_HOST, DB_NAME, DB_USER ` +
        `and DB_PASSWORD, in the environment or in a file .env in this folder. Nothing was done. ${hintOfLibpq()}`.trim(),
    );
  }
  const found = await fallback(environment);
  const notice = [found.notice, hintOfLibpq()].filter((line) => line).join('\n');
  return {
    ...found,
    connection: connectionFromUrl('The URL of the fallback', withoutTls(found.url), applicationName),
    ...(notice ? { notice } : {}),
  };
}

/** A URL without sslmode, for which node-postgres would take PGSSLMODE. */
function withoutTls(url: string): string {
  const isGiven = variable('PGSSLMODE') === undefined || /[?&]ssl/.test(url);
  return isGiven ? url : `${url}${url.includes('?') ? '&' : '?'}sslmode=disable`;
}

/** The URL that the environment has, and where. */
function configuredUrl(environment: string): { readonly url: string; readonly source: string } | undefined {
  const names = environment === 'test' ? ['TEST_DATABASE_URL', 'DATABASE_URL'] : ['DATABASE_URL'];
  for (const name of names) {
    const url = variable(name);
    if (url) return { url, source: placeOf(name) };
    assertSpelt([name]); // another database would be worked on
  }
  const url = urlFromVariables();
  return url === undefined ? undefined : { url, source: DB_VARIABLES };
}

/** Says which variables psql would connect with, and this package does only where a URL leaves something out. */
function hintOfLibpq(): string {
  const names = databaseVariables();
  if (names.length === 0) return '';
  return `By ${names.join(' and ')} alone no database is configured: with DATABASE_URL=postgres:// it is.`;
}

/** Where a URL was given, for messages about it; undefined where no variable has it. */
export function sourceOf(url: string): string | undefined {
  return ['TEST_DATABASE_URL', 'DATABASE_URL'].find((name) => variable(name) === url);
}

function urlFromVariables(): string | undefined {
  assertSpelt(PARTS);
  const host = variable('DB_HOST');
  const port = variable('DB_PORT');
  const database = variable('DB_NAME');
  const username = variable('DB_USER');
  const password = variable('DB_PASSWORD');
  if (!host && !port && !database && !username && !password) return undefined;
  if (!database || !username) {
    throw new ConfigurationError(
      `${database ? 'DB_USER' : 'DB_NAME'} is not set, though other DB_* variables are. Set it, or DATABASE_URL. ` +
        'Nothing was done.',
    );
  }
  return urlFromConnection({
    host: host ?? 'localhost',
    port: portFrom('DB_PORT', port ?? '5432'),
    database,
    username,
    ...(password ? { password } : {}),
    dialectOptions: {},
  });
}
