import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { type } from './support/cli';
import { startOwnServer, stopOwnServers } from './support/own-server';

// The statements of the page on roles are run as they stand there, on a server of their own.

const PAGE = fs.readFileSync(path.join(__dirname, '../docs/roles.md'), 'utf8');

/** The statements of the page that are marked with a label. */
function sqlFor(label: string): string[] {
  const blocks = [...PAGE.matchAll(/<!-- sql: ([^\n]*) -->\n\n```sql\n([\s\S]*?)```/g)];
  const found = blocks.filter(([, marked]) => marked === label).map(([, , sql = '']) => sql);
  expect(found).not.toEqual([]);
  return found;
}

afterAll(stopOwnServers);

const clients: Client[] = [];

afterEach(() => Promise.all(clients.splice(0).map((client) => client.end())));

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  clients.push(client);
  return client;
}

/** A server with the roles and the database of the page, and the URLs of its logins. */
async function prepared() {
  const { url } = await startOwnServer();
  const { host } = new URL(url);
  const admin = await connect(url);
  for (const sql of sqlFor('postgres').join('').split(';\n')) await admin.query(sql);
  const database = await connect(url.replace(/postgres$/, 'pets'));
  for (const sql of sqlFor('pets')) await database.query(sql);
  const login = (name: string, password: string) => `postgres://${name}:${password}@${host}/pets`;
  const [, deploy = ''] = /DATABASE_URL='([^']*)'/.exec(PAGE) ?? [];
  return {
    database,
    deploy: deploy.replace('localhost:5432', host),
    ann: login('pets_ann', 'of-ann'),
    app: login('pets_app', 'of-the-application'),
    reader: login('pets_reader', 'of-the-reader'),
    undecided: login('pets_deploy', 'of-the-deployment'),
  };
}

const OWNERS = `SELECT DISTINCT pg_get_userbyid(relowner)::text AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace`;

it('with the roles of the page two logins migrate, the application writes, and the reader reads', async () => {
  const { database, deploy, ann, app, reader } = await prepared();
  expect(await type('db:migrate', deploy)).toMatchObject({ code: 0, stderr: '' });
  expect(await type('db:migrate:undo', ann)).toMatchObject({ code: 0, stderr: '' });
  expect(await type('db:migrate', ann)).toMatchObject({ code: 0, stderr: '' });
  for (const command of ['db:migrate:undo:all', 'db:migrate', 'plan', 'check']) {
    expect(await type(command, deploy)).toMatchObject({ code: 0, stderr: '' });
  }
  expect((await database.query(OWNERS)).rows).toEqual([{ owner: 'pets_owner' }]);
  const application = await connect(app);
  await application.query(
    "INSERT INTO pets (name) VALUES ('Rex'); INSERT INTO toys (name, pet_id) SELECT 'ball', id FROM pets",
  );
  await application.query("UPDATE toys SET name = 'bone'; DELETE FROM toys");
  await expect(application.query('DROP TABLE toys')).rejects.toThrow('must be owner of table toys');
  const curious = await connect(reader);
  expect((await curious.query('SELECT name FROM pets')).rows).toEqual([{ name: 'Rex' }]);
  await expect(curious.query('DELETE FROM pets')).rejects.toThrow('permission denied for table pets');
});

it('tables that are there are given to the owner', async () => {
  const { database, deploy, undecided, app } = await prepared();
  await database.query(
    'GRANT CREATE, USAGE ON SCHEMA public TO pets_deploy; GRANT TEMPORARY ON DATABASE pets TO pets_deploy',
  );
  expect(await type('db:migrate', undecided)).toMatchObject({ code: 0, stderr: '' });
  expect((await database.query(OWNERS)).rows).toEqual([{ owner: 'pets_deploy' }]);
  for (const sql of sqlFor('pets, with tables')) await database.query(sql);
  expect((await database.query(OWNERS)).rows).toEqual([{ owner: 'pets_owner' }]);
  expect(await type('db:migrate:undo', deploy)).toMatchObject({ code: 0, stderr: '' });
  const application = await connect(app);
  await application.query("INSERT INTO pets (name) VALUES ('Rex')");
  await expect(application.query('DELETE FROM "SequelizeMeta"')).rejects.toThrow('permission denied');
});
