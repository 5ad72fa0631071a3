import { Client } from 'pg';
import { connectionFromUrl, messageOf, urlOfServer } from '../../src/configuration';
import { type } from '../support/cli';
import { startOwnServer, stopOwnServers } from '../support/own-server';

// A URL with several servers means what it means for psql: the first that answers, and is of the kind that is asked for.

const NOBODY = '127.0.0.1:1';
let [primary, standby] = ['', ''];

beforeAll(async () => {
  const servers = [await startOwnServer(), await startOwnServer()];
  for (const { url } of servers) {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("CREATE ROLE ann SUPERUSER LOGIN PASSWORD 'geheim'");
    await client.end();
  }
  await servers[1]?.becomeStandby();
  [primary = '', standby = ''] = servers.map(({ url }) => new URL(url).host);
});

afterAll(stopOwnServers);

const urlAt = (hosts: string, parameters = '', database = 'postgres') =>
  `postgres://ann:geheim@${hosts}/${database}${parameters && `?${parameters}`}`;

/** The address of the server that is chosen. */
async function chosen(url: string): Promise<string> {
  const { host, port } = connectionFromUrl('DATABASE_URL', await urlOfServer('DATABASE_URL', url));
  return `${host}:${String(port)}`;
}

it.each([
  ['nothing', 'standby', () => ''],
  ['any', 'standby', () => 'target_session_attrs=any'],
  ['read-write', 'primary', () => 'target_session_attrs=read-write'],
  ['primary', 'primary', () => 'target_session_attrs=primary'],
  ['standby', 'standby', () => 'target_session_attrs=standby'],
  ['read-only', 'standby', () => 'target_session_attrs=read-only'],
  ['prefer-standby', 'standby', () => 'target_session_attrs=prefer-standby'],
])(
  'of a server that is down, a standby and a primary, asked for %s, it is the %s',
  async (_, expected, parameters) => {
    const url = urlAt([NOBODY, standby, primary].join(','), parameters());
    expect(await chosen(url)).toBe(expected === 'standby' ? standby : primary);
  },
);

it('the order is that of the URL, unless load_balance_hosts is random', async () => {
  expect(await chosen(urlAt(`${primary},${standby}`))).toBe(primary);
  expect(await chosen(urlAt(`${standby},${primary}`))).toBe(standby);
  const seen = new Set<string>();
  for (let n = 0; n < 40; n += 1)
    seen.add(await chosen(urlAt(`${standby},${primary}`, 'load_balance_hosts=random')));
  expect(seen).toEqual(new Set([primary, standby]));
});

it('prefer-standby takes a primary where there is no standby', async () => {
  expect(await chosen(urlAt(`${NOBODY},${primary}`, 'target_session_attrs=prefer-standby'))).toBe(primary);
});

it('the hosts may be parameters, with a port for each or one for all', async () => {
  const ports = [NOBODY, primary].map((host) => host.split(':')[1] ?? '');
  expect(await chosen(urlAt('', `host=127.0.0.1,localhost&port=${ports.join(',')}`))).toBe(
    `localhost:${ports[1] ?? ''}`,
  );
  expect(await chosen(urlAt('', `host=no-such-host.invalid,127.0.0.1&port=${ports[1] ?? ''}`))).toBe(primary);
  await expect(urlOfServer('DATABASE_URL', urlAt('', 'host=a,b,c&port=1,2'))).rejects.toThrow(
    '3 hosts and 2 ports',
  );
});

it('the chosen URL keeps what else it says', async () => {
  const url = urlAt(`${NOBODY},${primary}`, 'application_name=ci&sslmode=disable&target_session_attrs=any');
  expect(await urlOfServer('DATABASE_URL', url)).toBe(urlAt(primary, 'application_name=ci&sslmode=disable'));
});

it.each([
  'postgres://ann@one/pets?connect_timeout=3',
  'postgres:///pets?host=/var/run/postgresql',
  'socket:///tmp?db=d',
])('a URL with one server is left as it is, and nobody is asked: %s', async (url) => {
  expect(await urlOfServer('DATABASE_URL', url)).toBe(url);
});

describe('where none is chosen, one line says of each server why', () => {
  const failure = (url: string) => urlOfServer('DATABASE_URL', url).then(String, messageOf);

  it('none is of the kind', async () => {
    expect(await failure(urlAt(`${NOBODY},${standby}`, 'target_session_attrs=read-write'))).toBe(
      `${NOBODY}: connect ECONNREFUSED ${NOBODY}; ${standby} is a standby. No server that DATABASE_URL names is one for ` +
        'target_session_attrs=read-write. Nothing was done. Start one, or correct DATABASE_URL.',
    );
    expect(await failure(urlAt(primary, 'target_session_attrs=standby'))).toContain(
      `${primary} is a primary that accepts writes. `,
    );
  });

  it('none answers', async () => {
    expect(await failure(urlAt(`${NOBODY},[::1]:1`))).toMatch(
      /^127\.0\.0\.1:1: connect ECONNREFUSED .*; ::1:1: .*\. No server /,
    );
  });

  it('the first that answers refuses the password: that is the end, as for psql', async () => {
    const url = urlAt(`${NOBODY},${primary},${standby}`).replace('geheim', 'falsch');
    const message = await failure(url);
    expect(message).toMatch(
      /^password authentication failed for user "ann"\. PostgreSQL at \S+ refuses the user ann/,
    );
    expect(message).not.toContain('falsch');
  });

  it.each([
    [
      'target_session_attrs=readwrite',
      /must be one of any, read-write, .*; perhaps you mean read-write\. Nothing was done/,
    ],
    ['load_balance_hosts=yes', /must be one of disable, random/],
    ['target_sesion_attrs=any', /Perhaps you mean target_session_attrs/],
  ])('a value or a name that is not known: %s', async (parameters, message) => {
    expect(await failure(urlAt(`${standby},${primary}`, parameters))).toMatch(message);
  });
});

describe('the commands', () => {
  it('all work on the one that accepts writes', async () => {
    const url = urlAt([NOBODY, standby, primary].join(','), 'target_session_attrs=read-write', 'pets');
    for (const command of [
      'db:create',
      'db:migrate',
      'db:migrate:status',
      'check',
      'db:migrate:undo:all',
      'db:drop',
    ]) {
      expect(await type(command, url)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('understand PGTARGETSESSIONATTRS as psql does, and refuse a value of it by name', async () => {
    const url = urlAt([standby, primary].join(','));
    const status = (attributes: string) =>
      type('db:migrate:undo:all', url, { env: { PGTARGETSESSIONATTRS: attributes } });
    expect(await status('primary')).toMatchObject({ code: 0, stderr: '' });
    expect((await status('standby')).stderr).toContain('is a standby, which accepts no writes');
    expect((await status('master')).stderr).toMatch(
      /^ERROR: PGTARGETSESSIONATTRS: target_session_attrs is "master"/,
    );
  });
});
