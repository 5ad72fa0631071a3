import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { urlOfSibling } from '../../src/configuration';
import * as kit from '../../src/testing/database'; // and not all of the kit, which loads Sequelize
import { currentTestRun } from '../../src/testing/environment';
import { SQLSTATE, sqlStateOf } from '../../src/postgres';
import { GIVE_TO_OWNER, isOwnerOnly, serverUrl, urlOfAdministrator } from './server';
import { nameIn, urlWith } from './urls';

type Row = Record<string, unknown>;

/** A database of one test's own. */
export interface TestDatabase extends kit.TestDatabase {
  /** Ends the session of `query`, which is opened again when it is needed. */
  disconnect(): Promise<void>;
  /** Runs SQL, several statements if need be, and gives the rows of the last one. */
  query(sql: string): Promise<Row[]>;
}

/** Who may log in to the server of this test run, and is allowed nothing else. */
export interface Role {
  readonly name: string;
  readonly password: string;
}

const created: TestDatabase[] = [];
const roles: Role[] = [];

/**
 * A new database on the server of this test run, empty or a copy of `original`. It goes with the test file, by
 * `dropDatabases`.
 */
export async function createDatabase(original?: TestDatabase): Promise<TestDatabase> {
  await original?.disconnect();
  const { name: run, templateUrl } = currentTestRun();
  const name = kit.newDatabaseName(run);
  await kit.createDatabase(await creator.connected(), name, original ? nameIn(original.url) : 'template0');
  return remember({ url: urlOfSibling(templateUrl, name), drop: () => drop(name) });
}

async function drop(name: string): Promise<void> {
  await kit.dropDatabase(await server.connected(), name);
}

/** Has a database that this test file has created go with it, too. */
export function remember(database: kit.TestDatabase): TestDatabase {
  const session = isOwnerOnly() ? new OwnersSession(database.url) : new KeptSession(() => database.url);
  const queryable = {
    ...database,
    query: (sql: string) => session.query(sql),
    disconnect: () => session.end(),
    drop: async () => {
      await session.end();
      await database.drop();
    },
  };
  created.push(queryable);
  return queryable;
}

/** A new role, which no other test run and no other file knows. It goes with the test file, by `dropDatabases`. */
export async function createRole(title: string): Promise<Role> {
  const role = {
    name: `${title}_${randomBytes(6).toString('hex')}`,
    password: randomBytes(6).toString('hex'),
  };
  await server.query(`CREATE ROLE ${role.name} LOGIN PASSWORD '${role.password}'`);
  roles.push(role);
  return role;
}

/** The URL with which a role comes to a database. */
export function urlFor({ name, password }: Role, url: string): string {
  return urlWith(url, { username: name, password });
}

/** Which PostgreSQL the tests run on: `17.10`. */
export async function serverVersion(): Promise<string> {
  const [row] = await server.query('SHOW server_version');
  await server.end();
  return String(row?.['server_version']);
}

/** Drops what this test file has created, or one of its databases: for `afterAll`. */
export async function dropDatabases(only?: TestDatabase): Promise<void> {
  for (const database of only ? [only] : [...created]) {
    created.splice(created.indexOf(database), 1);
    await database.drop();
  }
  if (only) return;
  for (const { name } of roles.splice(0)) await dropRole(name);
  await Promise.all([server.end(), creator.end()]);
}

async function dropRole(role: string): Promise<void> {
  const owned = await server.query(
    `SELECT datname AS name FROM pg_database WHERE pg_get_userbyid(datdba) = '${role}'`,
  );
  for (const { name } of owned) await drop(String(name));
  await server.query(`DROP ROLE ${role}`);
}

/** One statement that only reads, and neither sets nor locks anything: most of what tests ask. */
const LEAVES_NOTHING = /^\s*SELECT\b(?!.*\b(INTO|FOR|set_config|\w*advisory\w*)\b)[^;]*$/is;

/**
 * A session that is kept from one query to the next, since the first query of a new one takes ten times as long. Nothing
 * else is: no setting, no lock and no transaction.
 */
class KeptSession {
  private client: Promise<Client> | undefined;

  constructor(private readonly urlOf: () => string) {}

  connected(): Promise<Client> {
    this.client ??= connect(this.urlOf(), () => (this.client = undefined));
    return this.client;
  }

  async query(sql: string): Promise<Row[]> {
    const client = await this.connected();
    try {
      return lastRows(await client.query(sql));
    } finally {
      if (!LEAVES_NOTHING.test(sql)) await this.leaveNothing(client);
    }
  }

  private async leaveNothing(client: Client): Promise<void> {
    const discard = () => client.query('DISCARD ALL'); // which no transaction lets one do
    const rollBack = () => client.query('ROLLBACK');
    await discard()
      .catch(() => rollBack().then(discard))
      .catch(() => this.end());
  }

  async end(): Promise<void> {
    const client = await this.client;
    this.client = undefined;
    await client?.end();
  }
}

/**
 * The session of a role that only owns the database. What it may not do, a superuser does, and gives it what that has made:
 * so a test can arrange what no owner can.
 */
class OwnersSession extends KeptSession {
  private readonly administrator: KeptSession;

  constructor(url: string) {
    super(() => url);
    this.administrator = new KeptSession(() => urlOfAdministrator(url));
  }

  override async query(sql: string): Promise<Row[]> {
    try {
      return await super.query(sql);
    } catch (error) {
      throwUnlessPrivilege(error);
    }
    const rows = await this.administrator.query(sql);
    await this.administrator.query(GIVE_TO_OWNER);
    return rows;
  }

  override async end(): Promise<void> {
    await Promise.all([super.end(), this.administrator.end()]);
  }
}

/** @throws another error than that a role may not do something */
function throwUnlessPrivilege(error: unknown): void {
  if (sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) throw error;
}

/** @param onLost called when the connection is cut, which some tests do */
async function connect(url: string, onLost: () => void): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', onLost);
  client.on('end', onLost);
  await client.connect();
  return client;
}

/** In which this test file creates and drops its databases and roles. */
const server = new KeptSession(serverUrl);

/** The same for the role of the test run, which owns what it creates. */
const creator = new KeptSession(() => urlOfSibling(currentTestRun().templateUrl, 'postgres'));

function lastRows(result: unknown): Row[] {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  return hasRows(last) ? last.rows : [];
}

function hasRows(result: unknown): result is { rows: Row[] } {
  return typeof result === 'object' && result !== null && 'rows' in result;
}
