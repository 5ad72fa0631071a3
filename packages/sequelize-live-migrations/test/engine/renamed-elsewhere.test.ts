import { col, fn, literal, Op, where } from 'sequelize';
import {
  BASE,
  BASELINE,
  type Chain,
  id,
  integer,
  migrationsOf,
  stepsLeftAfterEach,
  text,
} from '../support/chains';
import { useMigrations } from '../support/migrations';

// What else names a column that a later migration has renamed: the SQL of checks, indexes and generated columns, the names of
// foreign keys, and the rename by which it had two names.

const migrations = useMigrations();

it.each<Chain>([
  [
    'a column that is renamed, and named in expressions',
    (schema) => {
      schema.addColumn('pets', 'half', { ...integer, allowNull: false, backfill: literal('"age" / 2') });
      schema.addConstraint('pets', { type: 'check', name: 'old', where: literal("age > 0 OR name = 'age'") });
      schema.addIndex('pets', [fn('abs', col('age'))], { name: 'by_abs' });
      schema.addIndex('pets', [literal('(-age) DESC')], { name: 'by_minus', where: literal('Age < 99') });
      schema.addIndex('pets', ['name'], { where: where(fn('abs', col('age')), Op.gt, 1), name: 'some' });
    },
    (schema) =>
      schema.createTable('sums', {
        id,
        age: integer,
        next: { ...integer, generatedAs: literal('age + 1') },
      }),
    (schema) => schema.renameColumn('pets', 'age', 'Years'),
    (schema) => schema.renameColumn('sums', 'age', 'order'),
    (schema) => schema.renameTable('pets', 'animals'),
  ],
  [
    'what its own migration has renamed, and a later one has removed,',
    (schema) => {
      schema.createTable('toys', { id, name: text, size: integer }, { indexes: [{ fields: ['name'] }] });
      schema.renameIndex('toys', 'toys_name', 'by_name');
      schema.renameColumn('toys', 'size', 'width');
    },
    (schema) => schema.removeIndex('toys', ['name'], { name: 'by_name' }),
    (schema) => schema.removeColumn('toys', 'width', integer),
  ],
])('%s is found after each migration to be as it was made', async (...[, ...declared]) => {
  expect(await stepsLeftAfterEach(migrations, declared)).toEqual([]);
});

it('is undone and done again, while the later rename is in the log', async () => {
  const chain = migrationsOf([
    (schema) => {
      schema.addConstraint('pets', { type: 'check', name: 'old', where: literal('age > 0') });
      schema.addIndex('pets', [fn('abs', col('age'))], { name: 'by_abs', where: literal('age < 9') });
    },
    (schema) => schema.renameColumn('pets', 'age', 'years'),
  ]);
  const [first, second] = chain;
  if (!first || !second) throw new Error('There are two migrations.');
  await migrations.reset(BASE);
  await migrations.upAfter([BASELINE], first);
  await migrations.upAfter([BASELINE, first], second);
  const before = await migrations.schema();
  await migrations.undoAndRedoAmong([BASELINE, ...chain], first);
  expect(await migrations.schema()).toEqual(before);
});

it('gives a foreign key its first name back, where an undo makes it again after its column was renamed', async () => {
  const key = { type: 'foreign key', references: { table: 'pets', field: 'id' } } as const;
  const parent = { ...integer, references: { model: 'pets', key: 'id' }, onDelete: 'SET NULL' } as const;
  const was = { ...key, name: 'pets_parent_fkey', fields: ['mother'], onDelete: 'SET NULL' } as const;
  const chain = migrationsOf([
    (schema) => schema.addColumn('pets', 'parent', parent),
    (schema) => schema.renameColumn('pets', 'parent', 'mother'),
    (schema) => {
      schema.removeConstraint('pets', was);
      schema.addConstraint('pets', { ...key, name: 'mothers', fields: ['mother'], onDelete: 'CASCADE' });
    },
  ]);
  await migrations.reset(BASE);
  const [add, rename, replace] = chain;
  if (!add || !rename || !replace) throw new Error('There are three migrations.');
  await migrations.upAfter([BASELINE], add);
  await migrations.upAfter([BASELINE, add], rename);
  const before = await migrations.schema();
  await migrations.upAfter([BASELINE, add, rename], replace);
  await migrations.downAfter([BASELINE, add, rename], replace);
  expect(await migrations.schema()).toEqual(before);
});
