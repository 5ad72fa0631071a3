import { Client } from 'pg';
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
