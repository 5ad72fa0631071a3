import { Client } from 'pg';
import { MAINTENANCE_DATABASES, SQLSTATE, sqlStateOf } from '../postgres';
import { type State, stateOf } from './connection-check';
import { explain, ownWordsOf } from './connection-errors';
import { clientOptions, connectionFromUrl, portInUrl } from './connection-url';
import { ConfigurationError } from './errors';
import { withEnvironment } from './libpq-environment';
import { assertUnderstood } from './url-parameters';
import { hostInUrl, partsOf, type UrlParts, urlFromParts } from './url-parts';

// A URL may name several servers (PostgreSQL manual, 34.1.1.3). libpq chooses one for each connection. Here one is chosen
// for all connections of a command, which are of no use on several.

/**
 * The URL of the one server to connect to, with what the environment says of the parameters that the URL leaves out. Where
 * it names several servers, or `target_session_attrs` asks for one of a kind, they are tried in their order.
 *
 * @param place where the URL is configured, for messages
 * @throws ConfigurationError where the URL is not understood, or no server of it is of that kind
 */
export async function urlOfServer(place: string, given: string): Promise<string> {
  const url = withEnvironment(place, given);
  const parts = partsOf(place, url);
  for (const [name, value] of parts.parameters) assertUnderstood(place, name, value);
  const servers = serversOf(place, parts);
  const wanted = parts.parameters.get('target_session_attrs') ?? 'any';
  const isShuffled = parts.parameters.get('load_balance_hosts') === 'random';
  const [only] = servers;
  if (only && servers.length === 1 && wanted === 'any') return url === given && !isShuffled ? url : only.url;
  return chooseServer(place, isShuffled ? shuffled(servers) : servers, wanted);
}

interface Server {
  /** For messages: `one.example:5432` */
  readonly name: string;
  readonly url: string;
}

/** The servers of a URL, in the authority or in its parameters `host` and `port`. */
function serversOf(place: string, parts: UrlParts): Server[] {
  const parameters = new Map(parts.parameters);
  for (const name of ['host', 'port', 'target_session_attrs', 'load_balance_hosts']) parameters.delete(name);
  if (/^socket$/i.test(parts.scheme))
    return [{ name: parts.database, url: urlFromParts({ ...parts, parameters }) }];
  const addresses = parts.hosts
    .split(',')
    .map((address) => /^(\[.*\]|.*?)(?::([^:]*))?$/.exec(address) ?? []);
  const hosts = parts.parameters.get('host')?.split(',') ?? addresses.map(([, host = '']) => decoded(host));
  const ports = parts.parameters.get('port')?.split(',') ?? addresses.map(([, , port = '']) => port);
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw new ConfigurationError(
      `${place} has ${String(hosts.length)} hosts and ${String(ports.length)} ports: it needs one port for each, or one for all.`,
    );
  }
  return hosts.map((given, n) => {
    const host = given || 'localhost';
    const port = String(portInUrl(place, (ports.length === 1 ? ports[0] : ports[n]) || '5432'));
    const name = `${host}:${port}`;
    return { name, url: urlFromParts({ ...parts, hosts: `${hostInUrl(host)}:${port}`, parameters }) };
  });
}

function decoded(host: string): string {
  return decodeURIComponent(host).replace(/^\[(.*)\]$/, '$1');
}

function shuffled(servers: readonly Server[]): Server[] {
  return servers
    .map((server) => ({ server, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ server }) => server);
}

/** What each value of `target_session_attrs` asks for. */
const KINDS: Readonly<Record<string, (state: State) => boolean>> = {
  any: () => true,
  'read-write': ({ isReadOnly }) => !isReadOnly,
  'read-only': ({ isReadOnly }) => isReadOnly,
  primary: ({ isStandby }) => !isStandby,
  standby: ({ isStandby }) => isStandby,
  'prefer-standby': ({ isStandby }) => isStandby,
};

async function chooseServer(place: string, servers: readonly Server[], wanted: string): Promise<string> {
  const isWanted = KINDS[wanted];
  const others: string[] = [];
  const reasons: string[] = [];
  for (const { name, url } of servers) {
    const answer = await answerOf(place, url);
    if (typeof answer === 'string') {
      reasons.push(`${name}: ${answer}`);
    } else if (isWanted?.(answer)) {
      return url;
    } else {
      others.push(url);
      reasons.push(`${name} ${kindOf(answer)}`);
    }
  }
  const [other] = others;
  if (other !== undefined && wanted === 'prefer-standby') return other;
  const what = wanted === 'any' ? 'answers' : `is one for target_session_attrs=${wanted}`;
  throw new ConfigurationError(
    `${reasons.join('; ')}. No server that ${place} names ${what}. Nothing was done. Start one, or correct ${place}.`,
  );
}

function kindOf({ isStandby, isReadOnly }: State): string {
  if (isStandby) return 'is a standby';
  return isReadOnly ? 'is read-only' : 'is a primary that accepts writes';
}

/** A server that answers with these may be another one's stand-in a moment later: the next one is tried, as by libpq. */
const NOT_NOW: readonly string[] = [SQLSTATE.cannotConnectNow, SQLSTATE.tooManyConnections];

/**
 * The state of a server, or why there is none to connect to.
 *
 * @throws the server's error, explained, where there is one and it does not let us in: that is the end, as for libpq
 */
async function answerOf(place: string, url: string): Promise<State | string> {
  const connection = connectionFromUrl(place, url);
  // Where the database is not created yet, another one on the same server answers as well.
  const databases = [connection.database, ...MAINTENANCE_DATABASES];
  for (const [n, database] of databases.entries()) {
    const client = new Client(clientOptions({ ...connection, database }));
    client.on('error', () => undefined); // the query that it interrupts is rejected as well
    try {
      await client.connect();
      return await stateOf(client);
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === undefined || NOT_NOW.includes(state)) return ownWordsOf(error);
      if (state !== SQLSTATE.invalidCatalogName || n === databases.length - 1)
        throw explain(error, client, place);
    } finally {
      void client.end();
    }
  }
  return 'has no database';
}
