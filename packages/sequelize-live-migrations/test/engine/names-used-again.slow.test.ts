import { DataTypes, Op } from 'sequelize';
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

// A name alone says nothing: what was renamed, removed and added again by later migrations is something else by now, and an
// earlier migration, compared with the database or done again, neither misses the one nor touches the other.

const migrations = useMigrations();

const CHAINS: readonly Chain[] = [
  [
    'a column that is renamed twice',
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    (schema) => schema.renameColumn('pets', 'years', 'winters'),
  ],
  [
    'a column that gets its first name back',
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    (schema) => schema.renameColumn('pets', 'years', 'age'),
  ],
  [
    'a column that is renamed and then removed',
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    (schema) => schema.addIndex('pets', ['years']),
    (schema) =>
      schema.addConstraint('pets', { type: 'check', name: 'old', where: { years: { [Op.gt]: 0 } } }),
    (schema) => schema.removeColumn('pets', 'years', integer),
  ],
  [
    'another column of the name, before and after another rename',
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    (schema) => schema.removeColumn('pets', 'years', integer),
    (schema) => schema.addColumn('pets', 'years', { ...text, defaultValue: 'none' }),
    (schema) => schema.renameColumn('pets', 'years', 'age'),
    (schema) => schema.addColumn('pets', 'years', { type: DataTypes.BOOLEAN }),
  ],
  [
    'another column in the place of one that was renamed',
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    (schema) => schema.addColumn('pets', 'age', { ...text, allowNull: false, defaultValue: '' }),
    (schema) => schema.removeColumn('pets', 'years', integer),
  ],
  [
    'the same in one migration, and a label and a table likewise',
    (schema) => {
      schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' });
      schema.renameColumn('pets', 'age', 'years');
      schema.addColumn('pets', 'age', { ...text, allowNull: false, defaultValue: '' });
      schema.addIndex('pets', ['age']);
    },
    (schema) => {
      schema.renameIndex('pets', 'pets_age', 'by_age');
      schema.addIndex('pets', ['years'], { name: 'pets_age' });
      schema.renameEnumValue('pets', 'kind', 'cat', 'tomcat');
      schema.changeColumn('pets', 'kind', { type: DataTypes.ENUM('tomcat', 'cat', 'dog') });
    },
    (schema) => {
      schema.renameTable('pets', 'animals');
      schema.createTable('pets', { id, name: text });
    },
  ],
  [
    'a label that is renamed twice, and its column removed',
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' }),
    (schema) => schema.renameEnumValue('pets', 'kind', 'cat', 'tomcat'),
    (schema) => schema.renameEnumValue('pets', 'kind', 'tomcat', 'queen'),
    (schema) => schema.renameColumn('pets', 'kind', 'sort'),
    (schema) => schema.removeColumn('pets', 'sort', { type: DataTypes.ENUM('queen', 'dog') }),
  ],
  [
    'a label that is renamed, and there again',
    (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' }),
    (schema) => schema.renameEnumValue('pets', 'kind', 'cat', 'tomcat'),
    (schema) =>
      schema.changeColumn('pets', 'kind', {
        type: DataTypes.ENUM('tomcat', 'cat', 'dog'),
        defaultValue: 'tomcat',
      }),
  ],
  [
    'an index that is renamed and removed, and another one of its first name',
    (schema) => schema.addIndex('pets', ['age']),
    (schema) => schema.renameIndex('pets', 'pets_age', 'by_age'),
    (schema) => schema.renameIndex('pets', 'by_age', 'by_years'),
    (schema) => schema.removeIndex('pets', ['age'], { name: 'by_years' }),
    (schema) => schema.addIndex('pets', ['name'], { name: 'pets_age' }),
  ],
  [
    'a column in a list of conditions',
    (schema) => schema.addIndex('pets', ['name'], { where: [{ age: 1 }, { name: ['Rex', 'Bo'] }] }),
    (schema) => schema.renameColumn('pets', 'age', 'years'),
  ],
  [
    'a check that is removed, and another one of its name',
    (schema) => schema.addConstraint('pets', { type: 'check', name: 'old', where: { age: { [Op.gt]: 0 } } }),
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    (schema) =>
      schema.removeConstraint('pets', { type: 'check', name: 'old', where: { years: { [Op.gt]: 0 } } }),
    (schema) =>
      schema.addConstraint('pets', { type: 'check', name: 'old', where: { years: { [Op.gt]: -9 } } }),
  ],
  [
    'a table that is renamed twice',
    (schema) => schema.renameTable('pets', 'animals'),
    (schema) => schema.addColumn('animals', 'weight', integer),
    (schema) => schema.renameTable('animals', 'beasts'),
  ],
  [
    'what one migration renames and changes, and then removes',
    (schema) => {
      schema.addConstraint('pets', { type: 'unique', fields: ['age'] });
      schema.renameColumn('pets', 'age', 'years');
      schema.addIndex('pets', ['years']);
      schema.changeColumn('pets', 'years', { ...integer, defaultValue: 1 });
      schema.addConstraint('pets', { type: 'check', name: 'old', where: { years: { [Op.gt]: 0 } } });
      schema.removeColumn('pets', 'years', integer);
    },
    (schema) => {
      schema.renameColumn('pets', 'name', 'title');
      schema.addIndex('pets', ['title']);
      schema.dropTable('pets', { id, title: text });
    },
  ],
  [
    'a table that is changed, renamed and dropped',
    (schema) => {
      schema.addIndex('pets', ['age']);
      schema.changeColumn('pets', 'age', { ...integer, defaultValue: 4 });
      schema.renameColumn('pets', 'name', 'title');
      schema.renameIndex('pets', 'pets_age', 'by_age');
      schema.addConstraint('pets', { type: 'unique', fields: ['title'] });
      schema.bulkUpdate('pets', { title: 'Rex' }, { id: 1 });
    },
    (schema) => schema.renameTable('pets', 'animals'),
    (schema) => schema.dropTable('animals', { id, age: integer, title: text }),
  ],
];

describe('after each migration of a chain, those before it are found to be as they made it:', () => {
  it.each(CHAINS)('%s', async (...[, ...declared]: Chain) => {
    expect(await stepsLeftAfterEach(migrations, declared)).toEqual([]);
  });
});

it('finds what somebody has changed by hand nevertheless', async () => {
  const chain = migrationsOf([
    (schema) => schema.renameColumn('pets', 'age', 'years'),
    (schema) => schema.addColumn('pets', 'age', { ...text, defaultValue: 'none' }),
    (schema) => schema.renameColumn('pets', 'years', 'winters'),
  ]);
  await migrations.reset(BASE);
  for (const [n, one] of chain.entries()) await migrations.upAfter([BASELINE, ...chain.slice(0, n)], one);
  await migrations.query('ALTER TABLE pets DROP COLUMN winters, ALTER age DROP DEFAULT');
  expect(await migrations.stepsLeft(BASELINE, ...chain)).toEqual([
    '00.js has run, and would now add column pets.winters',
    '02.js has run, and would now set the default of pets.age',
  ]);
});

describe('done again, an earlier migration leaves what has its name since, with all values:', () => {
  it.each<[string, number, Chain]>([
    [
      'a removal, and a column that was added again',
      0,
      [
        'INSERT INTO pets (id, age) VALUES (4, $$old$$)',
        (schema) => schema.removeColumn('pets', 'age', integer),
        (schema) => schema.addColumn('pets', 'age', text),
      ],
    ],
    [
      'a column that was removed, and added again',
      0,
      [
        'INSERT INTO pets (id, years) VALUES (4, true)',
        (schema) => schema.addColumn('pets', 'years', { ...integer, allowNull: false, defaultValue: 3 }),
        (schema) => schema.removeColumn('pets', 'years', integer),
        (schema) => schema.addColumn('pets', 'years', { type: DataTypes.BOOLEAN }),
      ],
    ],
    [
      'a change of a column that was removed, and added again',
      1,
      [
        'INSERT INTO pets (id, years) VALUES (4, true)',
        (schema) => schema.addColumn('pets', 'years', integer),
        (schema) => schema.changeColumn('pets', 'years', { ...integer, allowNull: false, defaultValue: 3 }),
        (schema) => schema.removeColumn('pets', 'years', integer),
        (schema) => schema.addColumn('pets', 'years', { type: DataTypes.BOOLEAN }),
      ],
    ],
    [
      'a table that was dropped, and created again',
      0,
      [
        'INSERT INTO toys VALUES (4)',
        (schema) => schema.createTable('toys', { id, name: text }),
        (schema) => schema.dropTable('toys', { id, name: text }),
        (schema) => schema.createTable('toys', { id }),
      ],
    ],
    [
      'a rename, and a column that has got a third name',
      0,
      [
        'INSERT INTO pets (id, years) VALUES (4, $$new$$)',
        (schema) => schema.renameColumn('pets', 'age', 'years'),
        (schema) => schema.renameColumn('pets', 'years', 'winters'),
        (schema) => schema.addColumn('pets', 'years', text),
      ],
    ],
    [
      'an index that was removed, and another one of its name',
      0,
      [
        'INSERT INTO pets (id, age) VALUES (4, 4)',
        (schema) => schema.addIndex('pets', ['age'], { name: 'sought' }),
        (schema) => schema.removeIndex('pets', ['age'], { name: 'sought' }),
        (schema) => schema.addIndex('pets', ['name'], { name: 'sought' }),
      ],
    ],
  ])('%s', async (_, nth, [insert, ...declared]) => {
    const chain = migrationsOf(declared);
    await migrations.reset(BASE);
    for (const [n, one] of chain.entries()) await migrations.upAfter([BASELINE, ...chain.slice(0, n)], one);
    await migrations.query(insert);
    const contents = async () => [
      await migrations.schema(),
      await migrations.query('SELECT to_jsonb(pets) FROM pets ORDER BY id'),
    ];
    const before = await contents();
    const one = chain[nth];
    if (!one) throw new Error('There is no such migration.');
    await migrations.undoAndRedoAmong(chain, one);
    expect(await contents()).toEqual(before);
    expect(migrations.lines.join()).toContain('a later migration, which has run,');
  });
});
