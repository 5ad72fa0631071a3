import { Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { type Chain, id, integer, migrationsOf } from '../support/chains';
import { finishesWhereverCut } from '../support/cut-everywhere';
import { type TestMigration, useMigrations } from '../support/migrations';

// The undo of the removal that has ended an overlap resumes it, whichever of the two names was removed, and whatever was made
// meanwhile.

const migrations = useMigrations();

const BASE = `CREATE TABLE pets (id integer PRIMARY KEY, x integer, y integer);
  CREATE INDEX by_x ON pets (x);
  INSERT INTO pets SELECT n, n, n FROM generate_series(1, 3) AS n`;

const BASELINE: TestMigration = {
  name: '00.js',
  up: (schema) => {
    schema.createTable('pets', { id, x: integer, y: integer });
    schema.addIndex('pets', ['x'], { name: 'by_x' });
  },
};

function addConstraintsOnNewName(schema: Schema): void {
  schema.addConstraint('pets', { type: 'check', name: 'positive', where: { n: { [Op.gt]: 0 } } });
  schema.addConstraint('pets', { type: 'unique', name: 'one', fields: ['n', 'y'] });
  schema.addConstraint('pets', {
    type: 'foreign key',
    name: 'parent',
    fields: ['n'],
    references: { table: 'pets', fields: ['id'] },
  });
}

it.each<Chain>([
  [
    'an index on the new name',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => schema.addIndex('pets', ['n', 'y'], { name: 'ny' }),
    (schema) => schema.removeColumn('pets', 'x', integer),
  ],
  [
    'constraints on the new name',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    addConstraintsOnNewName,
    (schema) => schema.removeColumn('pets', 'x', integer),
  ],
  [
    'the new name removed',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => schema.removeColumn('pets', 'n', integer),
  ],
  [
    'the new name removed, with an index on it',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => schema.addIndex('pets', ['n', 'y'], { name: 'ny' }),
    (schema) => schema.removeColumn('pets', 'n', integer),
  ],
  [
    'the new name removed, with constraints on it',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    addConstraintsOnNewName,
    (schema) => schema.removeColumn('pets', 'n', integer),
  ],
  [
    'an index on the new name, in the migration that has begun it',
    (schema) => {
      schema.renameColumn('pets', 'x', 'n', { overlap: true });
      schema.addIndex('pets', ['n', 'y'], { name: 'ny', unique: true });
    },
    (schema) => schema.removeColumn('pets', 'x', integer),
  ],
  [
    'an index on the new name, in the migration that has ended it',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => {
      schema.addIndex('pets', ['n', 'y'], { name: 'ny' });
      schema.removeColumn('pets', 'x', integer);
    },
  ],
  [
    'a table and an index that were renamed meanwhile',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => schema.addIndex('pets', ['n', 'y'], { name: 'ny' }),
    (schema) => {
      schema.renameIndex('pets', 'ny', 'both');
      schema.renameTable('pets', 'animals');
    },
    (schema) => schema.removeColumn('animals', 'x', integer),
  ],
  [
    'a column that was renamed like this before',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => schema.addIndex('pets', ['n', 'y'], { name: 'ny' }),
    (schema) => schema.removeColumn('pets', 'x', integer),
    (schema) => schema.renameColumn('pets', 'n', 'm', { overlap: true }),
    (schema) => schema.addIndex('pets', ['m'], { name: 'by_m' }),
    (schema) => schema.removeColumn('pets', 'n', integer),
  ],
  [
    'a column that gets its first name back like this',
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => schema.removeColumn('pets', 'x', integer),
    (schema) => schema.renameColumn('pets', 'n', 'x', { overlap: true }),
    (schema) => schema.addIndex('pets', ['x'], { name: 'again' }),
    (schema) => schema.removeColumn('pets', 'n', integer),
  ],
])('an overlap is what it was after the undo of its end: %s', async (_, ...declared) => {
  const chain = migrationsOf(declared);
  await migrations.reset(BASE);
  const states: string[][] = [];
  const before = (n: number) => [BASELINE, ...chain.slice(0, n)];
  for (const [n, one] of chain.entries()) {
    states.push(await migrations.schema());
    await migrations.upAfter(before(n), one);
    expect(await migrations.stepsLeft(...before(n + 1))).toEqual([]);
  }
  for (const [n, one] of [...chain.entries()].reverse()) {
    await migrations.downAfter(before(n), one);
    expect(await migrations.stepsLeft(...before(n))).toEqual([]);
    expect(named(await migrations.schema())).toEqual(named(states[n] ?? []));
  }
});

it.each<[string, string, Chain[1]]>([
  ['x', 'an index', (schema) => schema.addIndex('pets', ['x', 'y'], { name: 'both', unique: true })],
  ['n', 'an index', (schema) => schema.addIndex('pets', ['x', 'y'], { name: 'both' })],
  [
    'x',
    'constraints',
    (schema) => {
      schema.addConstraint('pets', { type: 'check', name: 'positive', where: { x: { [Op.gt]: 0 } } });
      schema.addConstraint('pets', { type: 'unique', name: 'both', fields: ['x', 'y'] });
      schema.addConstraint('pets', {
        type: 'foreign key',
        name: 'parent',
        fields: ['x'],
        references: { table: 'pets', fields: ['id'] },
      });
    },
  ],
])(
  'until %s is removed, the old name alone may have %s of its own: nothing is left to do, in both directions',
  async (removed, _, make) => {
    const chain = migrationsOf([
      (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
      make,
      (schema) => schema.removeColumn('pets', removed, integer),
    ]);
    await migrations.reset(BASE);
    const before = (n: number) => [BASELINE, ...chain.slice(0, n)];
    const first = await migrations.schema();
    const made = () => migrations.query("SELECT FROM pg_class WHERE relname IN ('overlap_both', 'both')");
    for (const [n, one] of chain.entries()) {
      await migrations.upAfter(before(n), one);
      expect(await migrations.stepsLeft(...before(n + 1))).toEqual([]);
      if (n > 0) expect(await made()).toHaveLength(1);
    }
    for (const [n, one] of [...chain.entries()].reverse()) {
      await migrations.downAfter(before(n), one);
      expect(await migrations.stepsLeft(...before(n))).toEqual([]);
    }
    expect(await migrations.schema()).toEqual(first);
  },
);

/** A schema without the names of the triggers' functions, which are those of the table when they were made. */
function named(schema: readonly string[]): string[] {
  const lines = schema.map((line) => line.replaceAll(/(?<=overlap[^ ]*[_.])(pets|animals)_(?=\w_)/g, ''));
  return lines.map((line) => line.replaceAll(/(?<=_)[\da-f]{8}\b| [\da-f]{32}$/g, '')).sort();
}

describe('the undo of a removal of the new name', () => {
  const chain = migrationsOf([
    (schema) => schema.renameColumn('pets', 'x', 'n', { overlap: true }),
    (schema) => schema.addIndex('pets', ['n'], { name: 'one', unique: true }),
    (schema) => schema.removeColumn('pets', 'n', integer),
  ]);
  const [begins, adds, removes] = chain;
  if (!begins || !adds || !removes) throw new Error('There are three migrations.');

  const run = async () => {
    await migrations.reset(BASE);
    for (const [n, one] of chain.entries()) await migrations.upAfter([BASELINE, ...chain.slice(0, n)], one);
  };
  const undo = () => migrations.downAfter([BASELINE, begins, adds], removes);

  it('gives it what was written to the old one since, and both are equal again', async () => {
    await run();
    await migrations.query('UPDATE pets SET x = 7 WHERE id = 1; INSERT INTO pets (id, x) VALUES (4, 8)');
    await undo();
    await migrations.query('UPDATE pets SET n = 9 WHERE id = 2; UPDATE pets SET x = 10 WHERE id = 3');
    expect(await migrations.query('SELECT x, n FROM pets ORDER BY id')).toEqual(
      [7, 9, 10, 8].map((value) => ({ x: value, n: value })),
    );
  });

  it('says where its unique index would not have them, and does the rest once they are gone', async () => {
    await run();
    await migrations.query('UPDATE pets SET x = 7 WHERE id < 3');
    await expect(undo()).rejects.toThrow(/Key \(n\)=\(7\) is duplicated.*the same command does the rest/);
    await migrations.query('UPDATE pets SET x = id');
    await undo();
    expect(await migrations.stepsLeft(BASELINE, begins, adds)).toEqual([]);
  });

  it('is finished by the same undo again, wherever it was cut', async () => {
    jest.spyOn(console, 'warn').mockImplementation(); // Sequelize, of each connection that was cut
    const cuts = await finishesWhereverCut(migrations, {
      before: run,
      work: undo,
      contents: async () => [await migrations.schema(), await migrations.query('TABLE pets ORDER BY id')],
      first: 0,
      stride: 5,
      staysCut: true,
    });
    jest.restoreAllMocks();
    expect(cuts).toBeGreaterThan(3);
  });
});
