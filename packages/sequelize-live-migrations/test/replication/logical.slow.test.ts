import fs from 'node:fs';
import path from 'node:path';
import { typedIn } from '../support/cli';
import { copyFixture, KIND, removeCopies, TOYS } from '../support/fixture-project';
import {
  logFile,
  logLength,
  on,
  publisher,
  replicate,
  type ServerName,
  servers,
  startLogicalReplication,
  stoppedBy,
  subscribe,
  subscriber,
  undo,
  untilApplied,
  up,
  withoutReplication,
  write,
} from '../support/logical-replication';
import { migrate } from '../support/migrator';
import { stopOwnServers } from '../support/own-server';

// A publisher and a subscriber, each migrated by itself, while rows are written on the publisher.

const BOTH: readonly ServerName[] = ['publisher', 'subscriber'];

const undoKind = (server: ServerName) => undo(server, KIND);

beforeAll(startLogicalReplication);
afterEach(withoutReplication);
afterAll(async () => {
  await stopOwnServers();
  removeCopies();
});

it('publisher first, forward and back and forward again, with rows in between: the subscription goes on each time', async () => {
  await replicate('TABLE pets');
  for (const go of [undoKind, up, undoKind, up]) {
    await write();
    const begun = logLength();
    const first = await go('publisher');
    await write();
    await stoppedBy('missing replicated column: "', begun);
    const second = await go('subscriber');
    await write();
    await untilApplied();
    const change = go === up ? 'column undone_kind becomes kind' : 'column kind becomes undone_kind';
    expect(first).toMatch(
      new RegExp(
        `^publication pub has table pets, and ${change}\\. Publisher first, .* \\(slot sub\\)[^]*(keep|restore) column`,
      ),
    );
    expect(second).toMatch(
      new RegExp(
        `^subscription sub writes to table pets, and ${change}\\. Publisher first: [^]*(keep|restore) column`,
      ),
    );
  }
});

it('subscriber first, with a row in between: it stops, and goes on as the line says, with no row lost', async () => {
  await replicate('TABLE pets');
  const begun = logLength();
  expect(await undoKind('subscriber')).toContain(
    'the opposite command gives it back the name that it misses',
  );
  await write();
  await stoppedBy('missing replicated column: "kind"', begun);
  await undoKind('publisher');
  await write();
  await up('subscriber'); // the opposite
  await stoppedBy('missing replicated column: "undone_kind"', begun);
  await undoKind('subscriber');
  await untilApplied();
});

it('a table that is kept aside: publisher first, and both ways', async () => {
  await replicate('TABLE pets, toys');
  await publisher(
    "INSERT INTO pets (name) VALUES ('Rex'); INSERT INTO toys (name, pet_id) SELECT 'ball', id FROM pets",
  );
  await untilApplied('toys');
  expect(await undo('publisher', TOYS)).toContain(
    'publication pub has table toys, and table toys becomes undone_toys. Publisher first',
  );
  await undo('subscriber', TOYS);
  await publisher("INSERT INTO undone_toys (name, pet_id) SELECT 'bone', id FROM pets");
  await untilApplied('undone_toys');
  for (const server of BOTH) await up(server);
  await publisher("INSERT INTO toys (name, pet_id) SELECT 'stick', id FROM pets");
  await untilApplied('toys');
});

/** The statements that the line about the migration log has for the subscriber. */
async function discardStatements(): Promise<string> {
  const { stderr } = await on('publisher', 'plan');
  const [, statements = ''] = /at any time after it: (CREATE FUNCTION .*;)\n/.exec(stderr) ?? [];
  expect(statements).toContain('ENABLE REPLICA TRIGGER');
  return statements;
}

describe('with a publication for all tables, which has the migration log, too', () => {
  const prepare = async () => {
    for (const server of BOTH) await migrate(servers()[server], (umzug) => umzug.up({ to: KIND }));
    await publisher('CREATE PUBLICATION pub FOR ALL TABLES');
  };
  const withToy = `INSERT INTO pets (name) VALUES ('Rex'); INSERT INTO toys (name, pet_id) SELECT 'ball', id FROM pets`;

  it('a new table is for the subscriber first; publisher first the subscription stops, and goes on when it is there', async () => {
    await prepare();
    await subscriber(await discardStatements());
    await subscribe();
    const begun = logLength();
    expect(await up('publisher')).toMatch(
      /publication pub has table toys, and table toys is new\. On each subscriber \(slot sub\) first, and then ALTER SUBSCRIPTION … REFRESH PUBLICATION: [^]*create table toys/,
    );
    await publisher(withToy);
    await stoppedBy('target relation "public.toys" does not exist', begun);
    await up('subscriber');
    await subscriber('ALTER SUBSCRIPTION sub REFRESH PUBLICATION');
    await untilApplied('toys');
    await untilApplied();
  });

  it('the log is named once, on both sides, and the statements of that line free a subscription that has stopped', async () => {
    await prepare();
    await subscriber('DELETE FROM "SequelizeMeta"'); // or its rows could not be copied
    await subscribe();
    const named = / the migration log "public"\."SequelizeMeta", which each database writes for itself: /g;
    expect(await up('subscriber')).toMatch(/subscription sub writes to the migration log /);
    const begun = logLength();
    expect((await up('publisher')).match(named)).toHaveLength(1);
    await stoppedBy(
      /duplicate key value violates .*SequelizeMeta_pkey|conflict detected on .*SequelizeMeta/,
      begun,
    );
    await publisher(withToy);
    const { stderr } = await on('publisher', 'check');
    const [, statements = ''] = /at any time after it: (CREATE FUNCTION .*;)\n/.exec(stderr) ?? [];
    await subscriber(statements);
    await subscriber('ALTER SUBSCRIPTION sub REFRESH PUBLICATION');
    await untilApplied('toys');
    await undo('publisher', TOYS);
    expect(await undo('subscriber', TOYS)).not.toMatch(named);
    await write();
    await untilApplied();
    for (const query of [publisher, subscriber])
      expect(await query('SELECT count(*)::int AS count FROM "SequelizeMeta"')).toEqual([{ count: 2 }]);
  });
});

it('nothing is said of what is not replicated', async () => {
  await replicate('TABLE pets');
  for (const server of BOTH) {
    expect(await undo(server, TOYS)).not.toMatch(/publication|subscription/);
  }
});

it('db:plan says the same, as comments, before the statements', async () => {
  await replicate('TABLE pets');
  await write(); // or the column would be dropped
  await untilApplied();
  for (const server of BOTH) {
    await undoKind(server);
    expect((await on(server, 'plan')).stdout).toMatch(
      /\n-- (publication pub has|subscription sub writes to) table pets, and column undone_kind becomes kind\. Publisher first[^\n]*\n[^]*BEGIN;/,
    );
  }
});

it('a partition is published as well as its table, and the line names the table', async () => {
  const create = `CREATE TABLE pets (id integer PRIMARY KEY, name text, kind text) PARTITION BY HASH (id);
    CREATE TABLE pets_0 PARTITION OF pets FOR VALUES WITH (MODULUS 1, REMAINDER 0)`;
  await publisher(`${create}; CREATE PUBLICATION pub FOR TABLE pets`);
  const folder = projectWith({
    '20260101-rename.js': "schema.renameColumn('pets', 'name', 'title')",
  });
  const { stdout } = await typedIn(folder).succeed('db:migrate', servers().publisher.url);
  expect(stdout).toMatch(/publication pub has table pets, and column name becomes title\. Publisher first/);
});

/** A project with some migrations and no others. */
function projectWith(migrations: Readonly<Record<string, string>>): string {
  const folder = copyFixture();
  fs.rmSync(path.join(folder, 'migrations'), { recursive: true });
  fs.mkdirSync(path.join(folder, 'migrations'));
  for (const [name, statement] of Object.entries(migrations)) {
    fs.writeFileSync(
      path.join(folder, 'migrations', name),
      `const { DataTypes } = require('sequelize');
       module.exports = require('sequelize-live-migrations').migration(__filename, { up(schema) { ${statement} } });`,
    );
  }
  return folder;
}

it('two names for a column at once: subscriber first to begin, publisher first to end, and the subscription never stops', async () => {
  const begin = { '20260101-rename.js': "schema.renameColumn('pets', 'name', 'title', { overlap: true })" };
  const end = { '20260102-remove.js': "schema.removeColumn('pets', 'name', { type: DataTypes.TEXT })" };
  const [first, second] = [projectWith(begin), projectWith({ ...begin, ...end })];
  for (const query of [publisher, subscriber])
    await query('CREATE TABLE pets (id serial PRIMARY KEY, name text)');
  await publisher('CREATE PUBLICATION pub FOR TABLE pets');
  await subscribe();
  const begun = logLength();
  const migrateIn = (folder: string, server: ServerName) =>
    typedIn(folder).succeed('db:migrate', servers()[server].url);
  await write();
  await migrateIn(first, 'subscriber');
  await write();
  await untilApplied();
  expect((await migrateIn(first, 'publisher')).stdout).toMatch(/column title is new\. On each subscriber/);
  await write();
  await untilApplied();
  expect((await migrateIn(second, 'publisher')).stdout).toContain('Publisher first');
  await untilApplied('(SELECT title AS name FROM pets) AS pets');
  await migrateIn(second, 'subscriber');
  await publisher("INSERT INTO pets (title) VALUES ('the last')");
  await untilApplied('(SELECT title AS name FROM pets) AS pets');
  expect(fs.readFileSync(logFile(), 'utf8').slice(begun)).not.toMatch(
    /ERROR:.*(missing replicated|does not exist)/,
  );
});
