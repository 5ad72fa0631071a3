import { DataTypes } from 'sequelize';
import { Schema } from '../../src/vocabulary';
import { finishesWhereverCut } from '../support/cut-everywhere';
import { useMigrations } from '../support/migrations';

// A column has two names for a while, and then only the new one.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

const OWNERS = `CREATE TABLE owners (email text PRIMARY KEY); INSERT INTO owners VALUES ('none')`;
const PETS = `${OWNERS};
  CREATE TABLE pets (id integer PRIMARY KEY, name text COLLATE "C" NOT NULL DEFAULT 'none', age integer,
    CONSTRAINT pets_name_key UNIQUE (name), CHECK (name <> ''), FOREIGN KEY (name) REFERENCES owners ON UPDATE CASCADE);
  CREATE UNIQUE INDEX pets_name ON pets (name, age) WHERE age > 1; CREATE INDEX pets_lower ON pets (lower(name));
  COMMENT ON COLUMN pets.name IS 'What it is called'`;
const text = { type: DataTypes.TEXT };

const start = {
  name: '1.js',
  up: (schema: Schema) => schema.renameColumn('pets', 'name', 'title', { overlap: true }),
};
const end = {
  name: '2.js',
  up: (schema: Schema) => schema.removeColumn('pets', 'name', { ...text, allowNull: false, unique: true }),
};

/** All objects, without the times in comments. */
const schema = async () => (await migrations.schema()).map((line) => line.replace(/, at [^.]*\./, ''));

const SMALL = `${PETS}; INSERT INTO owners VALUES ('Rex'), ('Bo'); INSERT INTO pets VALUES (1, 'Rex', 1), (2, 'Bo', 2)`;

it.each<[string, (kind: 'before' | 'work') => Promise<void>]>([
  ['the beginning', (kind) => (kind === 'work' ? migrations.up(start) : Promise.resolve())],
  ['the undo of it', (kind) => (kind === 'work' ? migrations.down(start) : migrations.up(start))],
  ['the end', (kind) => (kind === 'work' ? migrations.up(end) : migrations.up(start))],
  ['the undo of the end', (kind) => (kind === 'work' ? migrations.down(end) : migrations.up(start, end))],
])(
  '%s is finished by the same command again, wherever it was cut',
  async (kind, run) => {
    const cuts = await finishesWhereverCut(migrations, {
      before: async () => {
        await migrations.reset(SMALL);
        await run('before');
      },
      work: () => run('work'),
      contents: async () => [await schema(), await migrations.query('SELECT * FROM pets ORDER BY id')],
      first: kind.length,
      stride: 9,
    });
    expect(cuts).toBeGreaterThan(0);
  },
  300_000,
);
