import { promisify } from 'node:util';
import { type Connection, connectionFromUrl, portFrom, urlFromConnection } from './connection-url';
import type { Database } from './database';
import { variable } from './environment';
import { ConfigurationError } from './errors';
import { typedUrl } from './typed-url';

/** What a configuration of sequelize-cli has for one environment: options of Sequelize, and its own. */
type Settings = Readonly<Record<string, unknown>>;

/** The settings of sequelize-cli and of connections, which are no options of Sequelize here. */
const NOT_PASSED_ON = [
  ...['url', 'use_env_variable', 'host', 'port', 'database', 'username', 'password', 'dialect', 'protocol'],
  ...['dialectOptions', 'dialectModule', 'native', 'pool', 'logging', 'migrationStorage'],
];

/**
 * The database that a configuration of sequelize-cli names, as that reads it: an object, a promise of one, or a function
 * that returns one; with an entry for each NODE_ENV, or without; with `url`, `use_env_variable`, or the fields.
 *
 * @param file for messages
 * @param exported what the file exports
 * @throws ConfigurationError where it names none, or one that is not of PostgreSQL
 */
export async function databaseFromConfigFile(file: string, exported: unknown): Promise<Database> {
  const settings = settingsIn(file, await called(exported));
  assertPostgres(file, settings);
  const { connection, source } = connectionIn(file, settings);
  const options = Object.fromEntries(
    Object.entries(settings).filter(([name]) => !NOT_PASSED_ON.includes(name)),
  );
  return { connection, url: urlFromConnection(connection), source, options };
}

/** With one parameter, a function takes a callback. */
async function called(exported: unknown): Promise<unknown> {
  const value = await exported;
  if (typeof value !== 'function') return value;
  const call = (...args: unknown[]): unknown => Reflect.apply(value, undefined, args);
  return value.length === 1
    ? promisify((callback: (error: unknown, result: unknown) => void) => call(callback))()
    : call();
}

function settingsIn(file: string, value: unknown): Settings {
  if (!isSettings(value))
    throw new ConfigurationError(`${file} does not export a configuration. Nothing was done.`);
  const environment = variable('NODE_ENV') ?? 'development';
  const entry = value[environment];
  if (isSettings(entry)) return entry;
  if (!Object.values(value).every(isSettings)) return value;
  throw new ConfigurationError(
    `${file} has nothing for NODE_ENV ${environment}. Nothing was done. It has: ${Object.keys(value).join(', ')}.`,
  );
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null;
}

function assertPostgres(
  file: string,
  { url, use_env_variable: name, dialect, migrationStorage }: Settings,
): void {
  const given = dialect ?? (url === undefined && name === undefined ? 'none' : 'postgres');
  if (given !== 'postgres' && given !== 'postgresql')
    throw new ConfigurationError(
      `${file}: the dialect is ${JSON.stringify(given)}, and has to be postgres. Nothing was done.`,
    );
  if (migrationStorage !== undefined && migrationStorage !== 'sequelize') {
    throw new ConfigurationError(
      `${file}: migrationStorage is ${JSON.stringify(migrationStorage)}. The log of the migrations is in the database, where it ` +
        'changes with them: leave that setting out. Nothing was done.',
    );
  }
}

/** A URL that was typed goes before all; as in sequelize-cli, then `url`, then the variable, then the fields. */
function connectionIn(file: string, settings: Settings): { connection: Connection; source: string } {
  const { url, use_env_variable: name } = settings;
  const dialectOptions = isSettings(settings['dialectOptions']) ? settings['dialectOptions'] : {};
  const fromUrl = (source: string, text: string) => {
    const connection = connectionFromUrl(source, text);
    return {
      connection: { ...connection, dialectOptions: { ...connection.dialectOptions, ...dialectOptions } },
      source,
    };
  };
  const typed = typedUrl();
  if (typed) return fromUrl('--url', typed);
  if (typeof url === 'string') return fromUrl(`url in ${file}`, url);
  if (typeof name === 'string') {
    const value = variable(name);
    if (value) return fromUrl(name, value);
    throw new ConfigurationError(`${name} is not set, which ${file} names. Set it. Nothing was done.`);
  }
  return {
    connection: { ...fieldsIn(file, settings), dialectOptions: { ...NAMED, ...dialectOptions } },
    source: file,
  };
}

const NAMED = { application_name: 'sequelize-live-migrations' };

function fieldsIn(
  file: string,
  { host, port, database, username, password }: Settings,
): Omit<Connection, 'dialectOptions'> {
  if (typeof database !== 'string' || database === '')
    throw new ConfigurationError(`${file} names no database. Nothing was done.`);
  return {
    host: typeof host === 'string' && host !== '' ? host : 'localhost',
    port: portFrom(`port in ${file}`, textOf(port) ?? '5432'),
    database,
    ...(typeof username === 'string' && username !== '' ? { username } : {}),
    ...(textOf(password) === undefined ? {} : { password: String(password) }),
  };
}

/** A number or a text that is not empty, as text. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
