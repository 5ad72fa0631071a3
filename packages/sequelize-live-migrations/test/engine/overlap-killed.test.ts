import { setTimeout as sleep } from 'node:timers/promises';
import { DataTypes } from 'sequelize';
import { sqlStateOf } from '../../src/postgres';
import type { Schema } from '../../src/vocabulary';
import { eventually } from '../support/eventually';
import { useMigrations } from '../support/migrations';
import { Random } from '../support/random';
import { DEFAULT, Ledger, SHARED, Writer } from '../support/releases';
import { closeSessions, openSession } from '../support/session';
import { numberFrom } from '../support/soak';

// Both releases of an application write at random, each by the name that it knows, while a migration is done, undone and
// done again, and its sessions are ended at random. No write is lost.

const migrations = useMigrations();

const SEED = numberFrom('SOAK_SEED', 11);
const KILLS = numberFrom('SOAK_KILLS', 4);
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

/** A connection that was idle in the pool when it was ended says so at its next use. */
const isEnded = (error: unknown) =>
  sqlStateOf(error) === '57P01' || /Connection terminated/.test(String(error));

/** Does something that is finished by doing it again, while its sessions are ended at random moments. */
async function killed(random: Random, work: () => Promise<void>): Promise<void> {
  const killer = await openSession(migrations.database, 'killer');
  for (let kills = 0; ; kills += 1) {
    let isOver = false;
    const working = work().then(
      () => undefined,
      (error: unknown) => error,
    );
    void working.then(() => (isOver = true));
    if (kills < KILLS) {
      const moment = Date.now() + random.below(250);
      await eventually('the moment to end its sessions', () => isOver || Date.now() >= moment);
      await killer.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name NOT IN ('writer', 'killer')
          AND backend_start < clock_timestamp() - interval '100 ms'`); // Sequelize hears no error of a newer one
    }
    const error = await working;
    if (error === undefined) break;
    if (kills >= KILLS && (kills > KILLS + 3 || !isEnded(error))) throw error;
  }
}

async function differences(ledger: Ledger, column: string): Promise<unknown[]> {
  const found = new Map<number, string | null>();
  for (const row of await migrations.query(`SELECT id, ${column} AS value FROM pets`)) {
    found.set(Number(row['id']), row['value'] === null ? null : String(row['value']));
  }
  const lost = ledger.appended.filter(({ id, text }) => !found.get(id)?.split(/(?=,)/).includes(text));
  const own = [...ledger.values].filter(([id, value]) => !SHARED.includes(id) && found.get(id) !== value);
  const extra = [...found.keys()].filter((id) => !ledger.values.has(id));
  return [...lost, ...own, ...extra];
}

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
  await killed(random, () => migrations.up(start));
  await killed(random, () => migrations.down(start));
  await killed(random, () => migrations.up(start));
  setReading(true);
  expect(await migrations.query(UNEQUAL)).toEqual([]);
  await sleep(200);
  await Promise.all(old.map((writer) => writer.stop())); // the old name ends when no release writes it any more
  await killed(random, () => migrations.up(end));
  await killed(random, () => migrations.down(end));
  const older = await write('name');
  await sleep(200);
  await Promise.all([...recent, older].map((writer) => writer.stop()));
  expect(await migrations.query(UNEQUAL)).toEqual([]);
  expect(await differences(ledger, 'title')).toEqual([]);
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
    for (let turn = 0; turn < TURNS; turn += 1) await turnOf(sql, random, counts);
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
