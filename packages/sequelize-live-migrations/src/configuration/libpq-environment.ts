import { variable } from './environment';
import { ConfigurationError } from './errors';
import { assertUnderstood } from './url-parameters';
import { partsOf, type UrlParts, urlFromParts } from './url-parts';

// The environment variables of libpq (PostgreSQL manual, 34.15): what a URL leaves out is as they say, as for psql. Not
// here are PGUSER, PGPASSWORD, PGPASSFILE and PGOPTIONS, which node-postgres itself honours.

const PARAMETERS: Readonly<Record<string, string>> = {
  PGHOST: 'host',
  PGPORT: 'port',
  PGDATABASE: 'dbname',
  PGAPPNAME: 'application_name',
  PGCHANNELBINDING: 'channel_binding',
  PGCLIENTENCODING: 'client_encoding',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGGSSDELEGATION: 'gssdelegation',
  PGGSSENCMODE: 'gssencmode',
  PGGSSLIB: 'gsslib',
  PGHOSTADDR: 'hostaddr',
  PGKRBSRVNAME: 'krbsrvname',
  PGLOADBALANCEHOSTS: 'load_balance_hosts',
  PGMAXPROTOCOLVERSION: 'max_protocol_version',
  PGMINPROTOCOLVERSION: 'min_protocol_version',
  PGREQUIREAUTH: 'require_auth',
  PGREQUIREPEER: 'requirepeer',
  PGREQUIRESSL: 'requiressl',
  PGSERVICE: 'service',
  PGSSLCERT: 'sslcert',
  PGSSLCERTMODE: 'sslcertmode',
  PGSSLCOMPRESSION: 'sslcompression',
  PGSSLCRL: 'sslcrl',
  PGSSLCRLDIR: 'sslcrldir',
  PGSSLKEY: 'sslkey',
  PGSSLMAXPROTOCOLVERSION: 'ssl_max_protocol_version',
  PGSSLMINPROTOCOLVERSION: 'ssl_min_protocol_version',
  PGSSLMODE: 'sslmode',
  PGSSLNEGOTIATION: 'sslnegotiation',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLSNI: 'sslsni',
  PGTARGETSESSIONATTRS: 'target_session_attrs',
};

/** Those that set something in the session, with what node-postgres and Sequelize need it to be. */
const SETTINGS: Readonly<Record<string, RegExp>> = {
  PGDATESTYLE: /^iso\b/i,
  PGGEQO: /^(on|true|yes|1)$/i,
  PGTZ: /^(utc|gmt|etc\/utc)$/i,
};

/**
 * A URL with what the environment says of the parameters that it leaves out.
 *
 * @param place where the URL is configured, for messages
 * @throws ConfigurationError for a variable that cannot be honoured
 */
export function withEnvironment(place: string, url: string): string {
  assertSettings();
  const parts = partsOf(place, url);
  const added = Object.entries(PARAMETERS).flatMap(([name, parameter]) => {
    const value = variable(name);
    return value === undefined || isGiven(parts, parameter) ? [] : [{ name, parameter, value }];
  });
  if (added.length === 0) return url;
  let { database } = parts;
  const parameters = new Map(parts.parameters);
  for (const { name, parameter, value } of added) {
    if (parameter === 'dbname') {
      database = encodeURIComponent(value);
    } else {
      assertUnderstood(name, parameter, value);
      parameters.set(parameter, value);
    }
  }
  return urlFromParts({ ...parts, database, parameters });
}

/** Whether a URL has a parameter, in whichever place. */
function isGiven({ scheme, hosts, database, parameters }: UrlParts, parameter: string): boolean {
  if (parameters.has(parameter)) return true;
  const isSocket = /^socket$/i.test(scheme);
  switch (parameter) {
    case 'host':
      return isSocket || /^[^:]/.test(hosts);
    case 'port':
      return isSocket || /:\d+(,|$)/.test(hosts);
    case 'dbname':
      return isSocket || database !== '';
    default:
      return false;
  }
}

function assertSettings(): void {
  for (const [name, needed] of Object.entries(SETTINGS)) {
    const value = variable(name);
    if (value === undefined || needed.test(value)) continue;
    throw new ConfigurationError(
      `${name} is "${value}": psql honours it, and node-postgres under Sequelize does not. Nothing was done. Unset it.`,
    );
  }
}

/** Those of libpq's variables that name a database, and are set: by themselves they configure none here. */
export function databaseVariables(): string[] {
  return ['PGHOST', 'PGDATABASE', 'PGSERVICE'].filter((name) => variable(name) !== undefined);
}
