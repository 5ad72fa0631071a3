import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { killed } from '../support/killed';
import { useMigrations } from '../support/migrations';
import { Random } from '../support/random';
import { DEFAULT, Ledger, Writer } from '../support/releases';
import { closeSessions } from '../support/session';
import { numberFrom } from '../support/soak';

// Both releases of an application write at random, each by the name that it knows, while a migration is done, undone and
// done again, and its sessions are ended at random. No write is lost.

const migrations = useMigrations();

const SEED = numberFrom('SOAK_SEED', 11);
const TURNS = numberFrom('SOAK_OVERLAPS', 1);

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());
afterAll(() => closeSessions());

const ROWS = 2500;
const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, age integer NOT NULL DEFAULT 0, name text DEFAULT '${DEFAULT}');
  INSERT INTO pets SELECT n, 0, 'n' || n FROM generate_series(1, ${String(ROWS)}) AS n; CREATE INDEX pets_name ON pets (name)`;
const TRIGGER = `CREATE FUNCTION trim_name() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := trim(NEW.name); RETURN NEW; END';
  CREATE TRIGGER trim_name BEFORE INSERT OR UPDATE OF name ON pets FOR EACH ROW EXECUTE FUNCTION trim_name()`;

const start = {
  name: '1.js',
  up: (schema: Schema) => schema.renameColumn('pets', 'name', 'title', { overlap: true }),
};
const end = {
  name: '2.js',
  up: (schema: Schema) => schema.removeColumn('pets', 'name', { type: DataTypes.TEXT }),
};

/** The migration, its undo, the migration again, its end, and the undo of that. */
async function turnOf(sql: string, random: Random, counts: Map<string, number>): Promise<void> {
  await migrations.reset(sql);
  const ledger = new Ledger(
    Array.from({ length: ROWS }, (_, n) => n + 1),
    counts,
  );
  const write = (column: string) => Writer.start(migrations.database, column, ledger, random);
  const old = [await write('name'), await write('name')];
  const recent = [await write('title'), await write('title')];
  const setReading = (isReading: boolean) => recent.forEach((writer) => (writer.isReading = isReading));
  setReading(false);
  await killed(migrations.database, random, () => migrations.up(start));
  await killed(migrations.database, random, () => migrations.down(start));
  await killed(migrations.database, random, () => migrations.up(start));
  setReading(true);
  expect(await migrations.query(UNEQUAL)).toEqual([]);
  await Promise.all([...old, ...recent].map((writer) => writer.writesMore(40)));
  await Promise.all(old.map((writer) => writer.stop())); // the old name ends when no release writes it any more
  await killed(migrations.database, random, () => migrations.up(end));
  await killed(migrations.database, random, () => migrations.down(end));
  const older = await write('name');
  await Promise.all([...recent, older].map((writer) => writer.writesMore(40)));
  await Promise.all([...recent, older].map((writer) => writer.stop()));
  expect(await migrations.query(UNEQUAL)).toEqual([]);
  expect(ledger.differences(await migrations.query('SELECT id, title AS value FROM pets'))).toEqual([]);
}

const UNEQUAL = 'SELECT * FROM pets WHERE name IS DISTINCT FROM title';

it.each([
  ['of a column', PETS],
  ['of a column that a trigger changes', `${PETS}; ${TRIGGER}`],
])(
  'two releases write to two names %s, and no write is lost',
  async (_, sql) => {
    const random = new Random(SEED);
    const counts = new Map<string, number>();
    for (let turn = 0; turn < TURNS; turn += 1) {
      await turnOf(sql, random, counts);
      await closeSessions(); // a soak has more turns than a server has connections
    }
    const kinds = [
      'append',
      'insert',
      'insert without',
      'update',
      'update of another column',
      'delete',
      'upsert',
    ];
    const expected = kinds.flatMap((kind) => [`name ${kind}`, `title ${kind}`]);
    expect(expected.filter((kind) => !counts.has(kind))).toEqual([]);
  },
  300_000,
);
