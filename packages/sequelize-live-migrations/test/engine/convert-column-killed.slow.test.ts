import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { killed } from '../support/killed';
import { useMigrations } from '../support/migrations';
import { Random } from '../support/random';
import { DEFAULT, Ledger, Writer } from '../support/releases';
import { closeSessions } from '../support/session';
import { numberFrom } from '../support/soak';

// An application writes at random, while its key gets another type, and that is undone and done again, and the sessions of
// the migrations are ended at random. No write is lost, and the application sees no error.

const migrations = useMigrations();

const SEED = numberFrom('SOAK_SEED', 12);
const TURNS = numberFrom('SOAK_OVERLAPS', 1);

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());
afterAll(() => closeSessions());

const ROWS = 2500;
/** Each row of `pets` has a row of `toys`, which a trigger of the application inserts, and refers to itself or to no other. */
const PETS = `CREATE TABLE pets (id serial PRIMARY KEY, age integer NOT NULL DEFAULT 0, name text DEFAULT '${DEFAULT}',
    same integer REFERENCES pets ON UPDATE CASCADE ON DELETE CASCADE, CHECK (id >= 0));
  CREATE TABLE toys (pet integer PRIMARY KEY REFERENCES pets ON UPDATE CASCADE ON DELETE CASCADE);
  CREATE FUNCTION give_toy() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO toys VALUES (NEW.id); UPDATE pets SET same = id WHERE id = NEW.id AND id % 2 = 0; RETURN NEW; END';
  CREATE TRIGGER give_toy AFTER INSERT ON pets FOR EACH ROW EXECUTE FUNCTION give_toy();
  INSERT INTO pets (name) SELECT 'n' || n FROM generate_series(1, ${String(ROWS)}) AS n`;

const key = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false };
const created = { name: '0.js', up: (schema: Schema) => schema.createTable('pets', { id: key }) };
const start = {
  name: '1.js',
  up: (schema: Schema) => schema.changeColumn('pets', 'id', { type: DataTypes.BIGINT }, { overlap: true }),
};
const end = {
  name: '2.js',
  up: (schema: Schema) => schema.changeColumn('pets', 'id', { ...key, type: DataTypes.BIGINT }),
};
const earlier = [created, start];

async function turn(random: Random, counts: Map<string, number>): Promise<void> {
  await migrations.reset(PETS);
  const ledger = new Ledger(
    Array.from({ length: ROWS }, (_, n) => n + 1),
    counts,
  );
  const write = () => Writer.start(migrations.database, 'name', ledger, random);
  const writers = [await write(), await write(), await write()];
  const run = (work: () => Promise<void>) => killed(migrations.database, random, work);
  await run(() => migrations.up(start));
  await run(() => migrations.down(start));
  await run(() => migrations.up(start));
  await run(() => migrations.upAfter(earlier, end));
  await Promise.all(writers.map((writer) => writer.writesMore(20))); // rows of the new type
  await run(() => migrations.downAfter(earlier, end));
  await run(() => migrations.upAfter(earlier, end));
  await Promise.all(writers.map((writer) => writer.writesMore(20)));
  await Promise.all(writers.map((writer) => writer.stop()));
  expect(ledger.differences(await migrations.query('SELECT id, name AS value FROM pets'))).toEqual([]);
}

it('an application writes while its key gets another type, and no write is lost', async () => {
  const random = new Random(SEED);
  const counts = new Map<string, number>();
  for (let n = 0; n < TURNS; n += 1) {
    await turn(random, counts);
    await closeSessions(); // a soak has more turns than a server has connections
  }
  const kinds = ['append', 'insert', 'insert without', 'update', 'delete', 'upsert'];
  expect(kinds.filter((kind) => !counts.has(`name ${kind}`))).toEqual([]);
  const types = await migrations.query(`SELECT attname, format_type(atttypid, -1) AS type FROM pg_attribute
    WHERE attrelid = 'pets'::regclass AND attname IN ('id', 'undone_id', 'overlap_id') ORDER BY 1`);
  expect(types).toEqual([
    { attname: 'id', type: 'bigint' },
    { attname: 'undone_id', type: 'integer' },
  ]);
  const orphans =
    'SELECT pet FROM toys EXCEPT SELECT id FROM pets UNION ALL (SELECT id FROM pets EXCEPT SELECT pet FROM toys)';
  expect(await migrations.query(orphans)).toEqual([]);
}, 300_000);
