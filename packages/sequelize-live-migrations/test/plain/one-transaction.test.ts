import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateDown, migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf, schemaOf } from '../support/schema';

// A plain migration, up(queryInterface, Sequelize), is one transaction with its row in the migration log.

afterAll(removeCopies);
afterAll(() => dropDatabases());

const TABLE = "await q.createTable('pets', { id: { type: S.INTEGER, primaryKey: true }, name: S.TEXT });";
const INSERT = (id: number) => `INSERT INTO pets (id) VALUES (${String(id)})`;

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

const runs = (up: string, down?: string) =>
  migrateUp(plainProject({ [NAME]: upAndDown(up, down) }), database);
const ids = async () => (await database.query('SELECT id FROM pets ORDER BY id')).map(({ id }) => id);

describe('what has failed leaves nothing', () => {
  it.each<[string, string, string]>([
    ['a statement', `${TABLE} await sql('SELECT nonsense');`, 'column "nonsense" does not exist'],
    ['a syntax error', `${TABLE} await sql('SELEKT 1');`, 'syntax error at or near "SELEKT"'],
    ['JavaScript', `${TABLE} q.nonsense();`, 'q.nonsense is not a function'],
    [
      'the end of the connections, which would wait for this very migration',
      `${TABLE} await q.sequelize.close();`,
      'It calls sequelize.close(), though this command still needs the connections: leave it out. In up of',
    ],
    [
      'what is checked at the commit',
      `await sql('CREATE TABLE pets (id int PRIMARY KEY, of int REFERENCES pets DEFERRABLE INITIALLY DEFERRED)');
       await sql('INSERT INTO pets VALUES (1, 2)');`,
      'violates foreign key constraint "pets_of_fkey"',
    ],
    [
      'a transaction that it does not end',
      `${TABLE} const transaction = await q.sequelize.transaction(); await sql('${INSERT(1)}', { transaction });`,
      'It has ended without the commit or rollback of a transaction that it has begun',
    ],
  ])('%s', async (_, up, message) => {
    const root = plainProject({ [NAME]: upAndDown(up) });
    await expect(migrateUp(root, database)).rejects.toThrow(message);
    await expect(migrateUp(root, database)).rejects.toThrow(`up of ${NAME}`);
    expect(await schemaOf(database)).toEqual([]);
  });
});

it('a failure is told with the server’s words, the statement, the file and the line', async () => {
  const root = plainProject({
    [NAME]: upAndDown(`${TABLE}\nawait sql('ALTER TABLE pets DROP COLUMN nonsense;');`),
  });
  await expect(migrateUp(root, database)).rejects.toThrow(
    `column "nonsense" of relation "pets" does not exist. In up of ${NAME} (line 2), statement: ` +
      `ALTER TABLE pets DROP COLUMN nonsense. Nothing of ${NAME} was done in database ${new URL(database.url).pathname.slice(1)}. ` +
      'Correct the cause, and run the same command again.',
  );
});

it('is logged in its transaction, also where it drops all tables, and the log is kept where it was', async () => {
  const root = plainProject({ [NAME]: upAndDown(TABLE, 'await q.dropAllTables();') });
  await migrateUp(root, database);
  expect(await recordsOf(database)).toEqual([NAME]);
  await migrateDown(root, database);
  expect(await recordsOf(database)).toEqual([]);
  await migrateUp(root, database);
  expect(await recordsOf(database)).toEqual([NAME]);
});

describe('the author’s habits work as they do in stock sequelize-cli', () => {
  it('an error that is swallowed takes nothing else with it', async () => {
    await runs(`${TABLE}
      await sql('${INSERT(1)}'); await sql('${INSERT(1)}').catch(() => {});
      await sql('SELEKT').catch(() => {}); await sql('SELECT nonsense').catch(() => {});
      await sql('INSERT INTO pets (id) VALUES ($1)', { bind: [1] }).catch(() => {});
      await sql('INSERT INTO pets (id) VALUES ($1)', { bind: [2] });`);
    expect(await ids()).toEqual([1, 2]);
  });

  it('statements that it does not await, and in parallel', async () => {
    await runs(`${TABLE} for (const id of [1, 2, 3]) sql('INSERT INTO pets (id) VALUES (' + id + ')');
      await Promise.all([4, 5].map((id) => q.bulkInsert('pets', [{ id }])));
      setImmediate(() => sql('${INSERT(6)}'));`);
    expect(await ids()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('managed and unmanaged transactions, one after the other, each rolled back or not by itself', async () => {
    await runs(`${TABLE}
      await q.sequelize.transaction((transaction) => sql('${INSERT(1)}', { transaction }));
      await q.sequelize.transaction(async (transaction) => { await sql('${INSERT(2)}', { transaction }); throw 1; }).catch(() => {});
      const one = await q.sequelize.transaction(); await sql('${INSERT(3)}', { transaction: one }); await one.rollback();
      const two = await q.sequelize.transaction(); await sql('${INSERT(4)}', { transaction: two }); await two.commit();
      await sql('${INSERT(5)}', { transaction: null });`);
    expect(await ids()).toEqual([1, 4, 5]);
  });

  it('a statement that forgets the transaction does not wait for it: on other connections, it would for ever', async () => {
    await runs(`${TABLE}
      await q.sequelize.transaction(async (transaction) => {
        await sql('ALTER TABLE pets ADD COLUMN age int', { transaction });
        await q.addColumn(table('pets'), 'size', S.INTEGER);
        await q.bulkInsert('pets', [{ id: 1 }]);
      });`);
    expect(await schemaOf(database)).toEqual(
      expect.arrayContaining(['pets age integer', 'pets size integer']),
    );
    expect(await ids()).toEqual([1]);
  });

  it('an error in a transaction of its own aborts that, as in PostgreSQL', async () => {
    await runs(`${TABLE} const words = [];
      await q.sequelize.transaction(async (transaction) => {
        await sql('${INSERT(1)}', { transaction });
        await sql('SELECT nonsense', { transaction }).catch(() => {});
        await sql('${INSERT(2)}', { transaction }).catch(({ message }) => words.push(message));
      });
      await sql('${INSERT(3)}'); if (!/current transaction is aborted/.test(words[0])) throw new Error(words[0]);`);
    expect(await ids()).toEqual([3]);
  });

  it('savepoints of its own, and transactions in a transaction', async () => {
    await runs(`${TABLE}
      await q.sequelize.transaction(async (transaction) => {
        await sql('${INSERT(1)}', { transaction });
        await q.sequelize.transaction({ transaction }, async (inner) => {
          await sql('${INSERT(2)}', { transaction: inner }); throw new Error('back');
        }).catch(() => {});
        await sql('SAVEPOINT mine', { transaction }); await sql('${INSERT(3)}', { transaction });
        await sql('ROLLBACK TO SAVEPOINT mine', { transaction }); await sql('${INSERT(4)}', { transaction });
      });`);
    expect(await ids()).toEqual([1, 4]);
  });

  it('a script with its own BEGIN and COMMIT, comments and bodies of functions', async () => {
    await runs(`${TABLE} await sql(\`BEGIN; -- COMMIT
      INSERT INTO pets (id, name) VALUES (1, 'a; COMMIT');
      CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
      COMMIT; -- the end\`);`);
    expect(await ids()).toEqual([1]);
  });

  it('an enum in a new table, another instance of Sequelize, and settings of a dump', async () => {
    const said = await runs(`
      await q.createTable('pets', { id: S.INTEGER, kind: S.ENUM('cat', 'dog') });
      const other = new S(process.env.PLAIN_TEST_URL, { logging: false });
      const Pet = other.define('pets', { id: { type: S.INTEGER, primaryKey: true } }, { timestamps: false });
      await Pet.create({ id: 1 }); await other.close();
      await sql("SELECT pg_catalog.set_config('search_path', '', false); SET lock_timeout = 0");`);
    expect(said).toBe('');
    expect(await ids()).toEqual([1]);
    expect(await recordsOf(database)).toEqual([NAME]);
  });

  beforeEach(() => {
    process.env['PLAIN_TEST_URL'] = database.url;
  });
  afterEach(() => {
    delete process.env['PLAIN_TEST_URL'];
  });
});

// More of this is in replicated.slow.test.ts.
describe('what is replicated by its names is said when it has been changed', () => {
  it('on a publisher of all tables, also of a new one, and of a table by the columns of its partitions', async () => {
    await database.query(`CREATE TABLE pets (id int, name text) PARTITION BY HASH (id);
      CREATE TABLE pets_0 PARTITION OF pets FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE PUBLICATION pub FOR ALL TABLES`);
    const up =
      "await q.addColumn(table('pets'), 'age', S.INTEGER); await q.createTable('toys', { id: S.INTEGER });";
    expect((await runs(up)).match(/publication pub has table (?!"?Seq).*? is new/g)).toEqual([
      'publication pub has table pets, and column age is new',
      'publication pub has table toys, and table toys is new',
    ]);
  });
});
