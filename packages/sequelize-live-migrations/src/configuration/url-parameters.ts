import { closest } from 'fastest-levenshtein';
import { ConfigurationError } from './errors';

// The parameters of a connection URL (PostgreSQL manual, 34.1.2). Each is understood as libpq understands it, or refused
// by name: one that is passed over in silence means another connection than the one that was asked for.

/** Those that node-postgres honours; `ssl` and `uselibpqcompat` are its own, `db` and `encoding` of its socket: URLs. */
const HONOURED: readonly string[] = [
  ...['host', 'port', 'user', 'password', 'application_name', 'options', 'connect_timeout'],
  ...['sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'ssl', 'uselibpqcompat', 'db', 'encoding'],
];

/** Those of libpq that the driver cannot honour, with the values that ask for what it does anyway. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  channel_binding: ['prefer', 'disable'],
  client_encoding: ['UTF8', 'utf8', 'UTF-8', 'auto'],
  dbname: [],
  fallback_application_name: [],
  gssdelegation: ['0'],
  gssencmode: ['disable', 'prefer'],
  gsslib: [],
  hostaddr: [],
  keepalives: ['0'],
  keepalives_count: [],
  keepalives_idle: [],
  keepalives_interval: [],
  krbsrvname: [],
  load_balance_hosts: ['disable'],
  passfile: [],
  replication: ['false', 'off', 'no', '0'],
  require_auth: [],
  requirepeer: [],
  requiressl: ['0'],
  service: [],
  ssl_max_protocol_version: [],
  ssl_min_protocol_version: ['TLSv1.2'],
  sslcertmode: ['allow'],
  sslcompression: ['0'],
  sslcrl: [],
  sslcrldir: [],
  sslnegotiation: ['postgres'],
  sslpassword: [],
  sslsni: ['1'],
  target_session_attrs: ['any'],
  tcp_user_timeout: ['0'],
};

/** What to write instead, for those that people use. */
const INSTEAD: Readonly<Record<string, string>> = {
  dbname: 'Write the database behind the host: postgres://host/database.',
  hostaddr: 'Write the address as the host.',
  target_session_attrs: 'Name the one server that may write.',
  load_balance_hosts: 'Name one server.',
  passfile: 'Write the password into the URL, or set PGPASSFILE.',
  service: 'Write the URL that the service stands for.',
};

/**
 * Refuses a URL with a parameter that would be passed over.
 *
 * @param variable the name of the setting, for messages
 * @throws ConfigurationError naming the parameter, and what was probably meant
 */
export function assertParametersHonoured(variable: string, url: string): void {
  for (const [name, value] of parametersOf(url)) {
    if (HONOURED.includes(name) || FIXED[name]?.includes(value)) continue;
    throw name in FIXED ? notHonoured(variable, name) : unknown(variable, name);
  }
}

/** The parameters of a URL, decoded; the last one counts where one is given twice, as for libpq. */
export function parametersOf(url: string): Map<string, string> {
  const [, query = ''] = /\?(.*)$/.exec(url) ?? [];
  return new Map(new URLSearchParams(query));
}

function unknown(variable: string, name: string): ConfigurationError {
  const nearest = closest(name, [...HONOURED, ...Object.keys(FIXED)]);
  return new ConfigurationError(
    `${variable}: PostgreSQL knows no connection parameter "${name}"; perhaps you mean ${nearest}. Nothing was done.`,
  );
}

function notHonoured(variable: string, name: string): ConfigurationError {
  return new ConfigurationError(
    `${variable}: the parameter ${name} cannot be honoured: psql knows it, node-postgres under Sequelize does not. ` +
      `${INSTEAD[name] ?? 'Leave it out, if the connection may be without it.'} Nothing was done.`,
  );
}
