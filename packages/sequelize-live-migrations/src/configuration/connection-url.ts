import { closest } from 'fastest-levenshtein';
import type { ClientConfig } from 'pg';
import { parse } from 'pg-connection-string';
import { ConfigurationError, messageOf } from './errors';
import { assertParametersHonoured } from './url-parameters';
import { EXAMPLE_URL, hostInUrl, partsOf, unencoded, type UrlParts, urlFromParts } from './url-parts';

/** How to connect, in the fields of Sequelize's options. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username?: string;
  readonly password?: string;
  readonly dialectOptions: Readonly<Record<string, unknown>>;
}

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/**
 * Reads a connection URL as libpq and psql do: `sslmode`, `sslrootcert` and similar parameters, percent-encoded
 * characters, a folder as the host for a Unix socket (PostgreSQL manual, 34.1.1.2 and 34.19).
 *
 * @param variable the name of the setting, for messages, which never contain its value: that has a password
 * @param applicationName the `application_name` where the URL has none
 * @throws ConfigurationError
 */
export function connectionFromUrl(
  variable: string,
  url: string,
  applicationName = 'sequelize-live-migrations',
): Connection {
  const parts = partsOf(variable, url);
  if (parts.hosts.includes(',')) {
    throw new ConfigurationError(
      `${variable} names several hosts: node-postgres connects to one. Name that one.`,
    );
  }
  assertParametersHonoured(variable, url);
  const parsed = parsedUrl(variable, parts);
  if (!parsed.database) throw new ConfigurationError(`${variable} names no database: ${EXAMPLE_URL}.`);
  return {
    host: parsed.host || 'localhost',
    port: portInUrl(variable, parsed.port || '5432'),
    database: parsed.database,
    ...(parsed.user ? { username: parsed.user } : {}),
    ...(parsed.password ? { password: parsed.password } : {}),
    dialectOptions: { application_name: applicationName, ...dialectOptionsOf(variable, parsed) },
  };
}

/** The URL of a connection that has no options. */
export function urlFromConnection({ host, port, database, username = '', password }: Connection): string {
  const credentials = [username, ...(password ? [password] : [])].map(encodeURIComponent).join(':');
  return `postgres://${credentials}@${hostInUrl(host)}:${String(port)}/${encodeURIComponent(database)}`;
}

/** The URL of another database on the same server, from a URL that `connectionFromUrl` accepts. */
export function urlOfSibling(url: string, database: string): string {
  return /^socket:/i.test(url)
    ? url.replace(/([?&]db=)[^&]*/, (_, before: string) => before + database)
    : url.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, (_, before: string) => `${before}/${database}`);
}

/** The options of node-postgres for a connection. */
export function clientOptions({ username: user, dialectOptions, ...place }: Connection): ClientConfig {
  return { ...place, ...(user ? { user } : {}), ...dialectOptions };
}

/** @throws ConfigurationError unless it is a port number. */
export function portFrom(variable: string, port: string): number {
  const number = portNumber(port);
  if (number !== undefined) return number;
  throw new ConfigurationError(`${variable}: "${port}" is not a port number. Nothing was done.`);
}

/**
 * The same for a URL. What stands there may be the beginning of a password that is not encoded, or of which the rest is a
 * comment of a file `.env`: so it is not printed.
 */
export function portInUrl(place: string, port: string): number {
  const number = portNumber(port);
  if (number !== undefined) return number;
  throw unencoded(place, 'has no port number, 1 to 65535, after the host and a colon');
}

function portNumber(port: string): number | undefined {
  const number = /^\d+$/.test(port) ? Number(port) : 0;
  return number >= 1 && number <= 65_535 ? number : undefined;
}

type Parsed = ReturnType<typeof parse>;

function parsedUrl(variable: string, given: UrlParts): Parsed {
  const parts = withoutSystemCertificates(variable, given);
  try {
    // With libpq's meaning of sslmode. The parser does not accept the option where the URL has it as well.
    const url = urlFromParts(parts).replaceAll(' ', '%20');
    return parts.parameters.has('uselibpqcompat') ? parse(url) : parse(url, { useLibpqCompat: true });
  } catch (error) {
    throw new ConfigurationError(`${variable} cannot be used: ${messageOf(error)}.`);
  }
}

/**
 * `sslrootcert=system` is no file: it means the certificates of the system, and sslmode=verify-full (PostgreSQL manual,
 * 34.1.2). Node.js trusts well-known authorities by itself.
 */
function withoutSystemCertificates(variable: string, parts: UrlParts): UrlParts {
  const parameters = new Map(parts.parameters);
  if (parameters.get('sslrootcert') !== 'system') return parts;
  const mode = parameters.get('sslmode') ?? 'verify-full';
  if (mode !== 'verify-full') {
    throw new ConfigurationError(`${variable}: sslrootcert=system needs sslmode=verify-full, not ${mode}.`);
  }
  parameters.delete('sslrootcert');
  return { ...parts, parameters: parameters.set('sslmode', mode) };
}

function dialectOptionsOf(variable: string, parsed: Parsed): Record<string, unknown> {
  const { ssl, sslmode, application_name: name, options, connect_timeout: seconds } = withParameters(parsed);
  if (typeof sslmode === 'string' && !SSL_MODES.includes(sslmode)) throw unusableMode(variable, sslmode);
  if (seconds !== undefined && !(typeof seconds === 'string' && /^\d+$/.test(seconds))) {
    throw new ConfigurationError(`${variable}: connect_timeout is not a number of seconds.`);
  }
  return {
    ...(name === undefined ? {} : { application_name: name }),
    ...tlsOf(ssl, sslmode),
    ...(options === undefined ? {} : { options }),
    ...(seconds === undefined ? {} : { connectionTimeoutMillis: Number(seconds) * 1000 }),
  };
}

function unusableMode(variable: string, mode: string): ConfigurationError {
  const problem = ['allow', 'prefer'].includes(mode)
    ? `sslmode=${mode} leaves it to chance whether the connection is encrypted, and the driver cannot do that`
    : `sslmode is "${mode}", which PostgreSQL does not know; perhaps you mean ${closest(mode, SSL_MODES)}`;
  return new ConfigurationError(
    `${variable}: ${problem}. It must be one of ${SSL_MODES.join(', ')}. Nothing was done.`,
  );
}

/** @param ssl what the parser makes of the parameters: of `ssl=false`, the text */
function tlsOf(ssl: unknown, sslmode: unknown): Record<string, unknown> {
  if (ssl === undefined) return {};
  if (ssl === 'false') return { ssl: false };
  return { ssl: sslmode === 'no-verify' ? { ...Object(ssl), rejectUnauthorized: false } : ssl };
}

/** The parser returns every parameter of the URL; its type declarations list only some. */
function withParameters(parsed: Parsed): Record<string, unknown> {
  return { ...parsed };
}
