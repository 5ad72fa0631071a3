import { DataTypes, literal } from 'sequelize';
import { BASELINE, type Chain, migrationsOf, stepsLeftAfterEach, text } from '../support/chains';
import { useMigrations } from '../support/migrations';

// SQL of a migration names a label, which a later one renames: compared with the database or done again, it means the label.

const migrations = useMigrations();

const type = DataTypes.ENUM('cat', 'dog');
const rename: Chain[1] = (schema) => schema.renameEnumValue('pets', 'kind', 'cat', 'tomcat');
const add: Chain[1] = (schema) => schema.addColumn('pets', 'kind', { type, defaultValue: 'cat' });

const CHAINS: readonly Chain[] = [
  [
    'a default',
    (schema) => schema.addColumn('pets', 'kind', { type, defaultValue: literal("'cat'") }),
    rename,
  ],
  [
    'a default with a cast',
    (schema) => schema.addColumn('pets', 'kind', { type, defaultValue: literal("'cat'::enum_pets_kind") }),
    rename,
  ],
  [
    'a default of a table',
    (schema) => schema.createTable('toys', { kind: { type, defaultValue: literal("'cat'") }, name: text }),
    (schema) => schema.renameEnumValue('toys', 'kind', 'cat', 'tomcat'),
  ],
  [
    'a check, beside a text of the same name',
    add,
    (schema) =>
      schema.addConstraint('pets', {
        type: 'check',
        name: 'known',
        where: literal("kind IN ('cat', 'dog') OR name = 'cat'"),
      }),
    rename,
  ],
  [
    'the condition of an index',
    add,
    (schema) => schema.addIndex('pets', ['age'], { where: literal("kind = 'cat'") }),
    rename,
  ],
  [
    'the expression of an index',
    add,
    (schema) => schema.addIndex('pets', [literal("(kind = 'cat')")], { name: 'cats' }),
    rename,
  ],
  [
    'a generated column',
    (schema) =>
      schema.createTable('toys', {
        kind: { type },
        is_cat: { type: DataTypes.BOOLEAN, generatedAs: literal("kind = 'cat'") },
      }),
    (schema) => schema.renameEnumValue('toys', 'kind', 'cat', 'tomcat'),
  ],
  [
    'a backfill',
    (schema) =>
      schema.addColumn('pets', 'kind', {
        type,
        allowNull: false,
        backfill: literal("CASE WHEN age > 1 THEN 'cat'::enum_pets_kind ELSE 'dog' END"),
      }),
    rename,
  ],
  [
    'rows that are updated',
    add,
    (schema) => schema.bulkUpdate('pets', { kind: literal("'cat'") }, literal("kind <> 'cat'")),
    rename,
  ],
  [
    'a check, of a column and a label that get another name twice',
    add,
    (schema) =>
      schema.addConstraint('pets', {
        type: 'check',
        name: 'known',
        where: literal("kind IN ('cat', 'dog')"),
      }),
    rename,
    (schema) => schema.renameColumn('pets', 'kind', 'sort'),
    (schema) => schema.renameEnumValue('pets', 'sort', 'tomcat', 'queen'),
  ],
];

describe('names the label that has another name since:', () => {
  it.each(CHAINS)('%s', async (...[, ...declared]) => {
    expect(await stepsLeftAfterEach(migrations, declared)).toEqual([]);
  });
});

describe('undone and done again before it, ends as it was:', () => {
  it.each(CHAINS)('%s', async (...[, ...declared]) => {
    await stepsLeftAfterEach(migrations, declared);
    const before = await migrations.schema();
    const chain = migrationsOf(declared);
    for (const one of chain.slice(0, 2)) {
      await migrations.undoAndRedoAmong([BASELINE, ...chain], one);
      expect(await migrations.schema()).toEqual(before);
    }
  });
});

it('is undone and done again as a chain', async () => {
  const declared =
    CHAINS.at(-1)
      ?.slice(1)
      .filter((one) => typeof one !== 'string') ?? [];
  await stepsLeftAfterEach(migrations, declared);
  const chain = migrationsOf(declared);
  for (const [n, one] of [...chain.entries()].reverse())
    await migrations.downAfter([BASELINE, ...chain.slice(0, n)], one);
  for (const [n, one] of chain.entries()) await migrations.upAfter([BASELINE, ...chain.slice(0, n)], one);
  expect(await migrations.schema()).toContain(
    "pets known CHECK ((sort = ANY (ARRAY['queen'::enum_pets_kind, 'dog'::enum_pets_kind])))",
  );
});
