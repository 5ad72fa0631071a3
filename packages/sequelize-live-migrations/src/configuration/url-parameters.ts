import { closest, distance } from 'fastest-levenshtein';
import { ConfigurationError } from './errors';
import { partsOf } from './url-parts';

// The parameters of a connection URL (PostgreSQL manual, 34.1.2). Each is understood as libpq understands it, or refused
// by name: one that is passed over in silence means another connection than the one that was asked for.

/** Those that node-postgres honours; `uselibpqcompat` is its own, `db` and `encoding` of its socket: URLs. */
const HONOURED: readonly string[] = [
  ...['host', 'port', 'user', 'password', 'application_name', 'options', 'connect_timeout'],
  ...['sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'uselibpqcompat', 'db', 'encoding'],
];

/** Those of libpq that the driver cannot honour, with the values that ask for what it does anyway. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  channel_binding: ['prefer', 'disable'],
  client_encoding: ['UTF8', 'utf8', 'UTF-8', 'auto'],
  gssdelegation: ['0'],
  gssencmode: ['disable', 'prefer'],
  keepalives: ['0'],
  load_balance_hosts: ['disable'],
  max_protocol_version: ['3.0', '3.2', 'latest'],
  min_protocol_version: ['3.0'],
  replication: ['false', 'off', 'no', '0'],
  requiressl: ['0'],
  ssl: ['true', '1', 'false', '0'],
  ssl_min_protocol_version: ['TLSv1.2'],
  sslcertmode: ['allow'],
  sslcompression: ['0'],
  sslnegotiation: ['postgres'],
  sslsni: ['1'],
  target_session_attrs: ['any'],
  tcp_user_timeout: ['0'],
};

/** Those of libpq that it honours with no value. */
const NEVER: readonly string[] = [
  ...['dbname', 'hostaddr', 'service', 'servicefile', 'fallback_application_name', 'passfile'],
  ...['gsslib', 'krbsrvname', 'oauth_client_id', 'oauth_client_secret', 'oauth_issuer', 'oauth_scope'],
  ...['keepalives_count', 'keepalives_idle', 'keepalives_interval', 'require_auth', 'requirepeer'],
  ...['scram_client_key', 'scram_server_key', 'ssl_max_protocol_version'],
  ...['sslcrl', 'sslcrldir', 'sslkeylogfile', 'sslpassword'],
];

/** What to write instead, for those that people use. */
const INSTEAD: Readonly<Record<string, string>> = {
  dbname: 'Write the database behind the host: postgres://host/database.',
  hostaddr: 'Write the address as the host.',
  target_session_attrs: 'Name the one server that may write.',
  load_balance_hosts: 'Name one server.',
  passfile: 'Write the password into the URL, or set PGPASSFILE.',
  requiressl: 'Write sslmode=require.',
  schema: 'Write options=-c%20search_path%3DNAME.',
  service: 'Write the URL that the service stands for.',
  ssl: 'Write sslmode=require.',
};

/** Those by which one of several servers is chosen (choose-server.ts), with their values. */
const CHOOSING: Readonly<Record<string, readonly string[]>> = {
  load_balance_hosts: ['disable', 'random'],
  target_session_attrs: ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'],
};

/**
 * Refuses a URL with a parameter that would be passed over, once its server is chosen.
 *
 * @param place where the URL is configured, for messages
 * @throws ConfigurationError naming the parameter, and what was probably meant
 */
export function assertParametersHonoured(place: string, url: string): void {
  for (const [name, value] of partsOf(place, url).parameters) assertHonoured(place, name, value);
}

/** Refuses a parameter that would be passed over, also before the server is chosen. */
export function assertUnderstood(place: string, name: string, value: string): void {
  const values = CHOOSING[name];
  if (!values) assertHonoured(place, name, value);
  if (!values || values.includes(value)) return;
  throw new ConfigurationError(
    `${place}: ${name} is "${value}". It must be one of ${values.join(', ')}; perhaps you mean ` +
      `${closest(value, values)}. Nothing was done.`,
  );
}

function assertHonoured(place: string, name: string, value: string): void {
  if (HONOURED.includes(name) || FIXED[name]?.includes(value)) return;
  throw name in FIXED || NEVER.includes(name) ? notHonoured(place, name) : unknown(place, name);
}

function unknown(place: string, name: string): ConfigurationError {
  const typed = name.toLowerCase();
  const nearest = closest(typed, [...HONOURED, ...[...Object.keys(FIXED), ...NEVER].sort()]);
  const isNear = distance(typed, nearest) <= name.length / 3;
  const instead = INSTEAD[name] ?? (isNear ? `Perhaps you mean ${nearest}.` : 'Leave it out.');
  return new ConfigurationError(
    `${place}: PostgreSQL knows no connection parameter "${name}". ${instead} Nothing was done.`,
  );
}

function notHonoured(place: string, name: string): ConfigurationError {
  return new ConfigurationError(
    `${place}: the parameter ${name} cannot be honoured: psql knows it, node-postgres under Sequelize does not. ` +
      `${INSTEAD[name] ?? 'Leave it out, if the connection may be without it.'} Nothing was done.`,
  );
}
