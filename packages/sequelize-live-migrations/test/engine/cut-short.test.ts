import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { usePlanner } from '../support/planner';
import { schemaOf } from '../support/schema';

// A migration of several transactions is cut before any of its statements, and run again as a whole.

const planner = usePlanner();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer)';
const ROWS = "INSERT INTO pets VALUES (1, 'Rex', 1), (2, 'Bo', 2)";
const text = { type: DataTypes.TEXT };

type Up = (schema: Schema) => void;

/** Runs a migration that is cut before its nth statement; whether that came. */
async function cutBefore(n: number, up: Up): Promise<boolean> {
  let sent = 0;
  let isCut = false;
  await planner
    .migrate(up, () => {
      sent += 1;
      isCut ||= sent === n;
      return isCut ? Promise.reject(new Error('the network is gone')) : Promise.resolve();
    })
    .catch((error: unknown) => {
      if (!isCut) throw error;
    });
  return isCut;
}

it.each<[string, Up]>([
  [
    'a column that is added, gets another name and an index',
    (schema) => {
      schema.addColumn('pets', 'x', text);
      schema.renameColumn('pets', 'x', 'y');
      schema.addIndex('pets', ['y']);
    },
  ],
  [
    'an index and a check, another name for their column, and another index',
    (schema) => {
      schema.addIndex('pets', ['age', 'name'], { name: 'by_age' });
      schema.addConstraint('pets', { type: 'check', name: 'of_age', where: literal('age > 0') });
      schema.renameColumn('pets', 'age', 'years');
      schema.addIndex('pets', ['years']);
    },
  ],
  [
    'an index, another name for it, and another index',
    (schema) => {
      schema.addIndex('pets', ['age']);
      schema.renameIndex('pets', 'pets_age', 'by_age');
      schema.addIndex('pets', ['name'], { name: 'by_name' });
    },
  ],
  [
    'a table with new parts, another name for it, and another column with an index',
    (schema) => {
      schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog') });
      schema.addIndex('pets', ['kind']);
      schema.addConstraint('pets', { type: 'check', name: 'of_age', where: literal('age > 0') });
      schema.renameTable('pets', 'animals');
      schema.addColumn('animals', 'size', text);
      schema.addIndex('animals', ['size']);
    },
  ],
  [
    'a column that gives way to a new one of its name, with an index',
    (schema) => {
      schema.removeColumn('pets', 'age', { type: DataTypes.INTEGER });
      schema.addColumn('pets', 'age', text);
      schema.addIndex('pets', ['age']);
    },
  ],
  [
    'a column of an enum type, more labels of that, and an index that uses one',
    (schema) => {
      schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog') });
      schema.changeColumn('pets', 'kind', { type: DataTypes.ENUM('ant', 'cat', 'cow', 'dog') });
      schema.addIndex('pets', ['age'], { where: { kind: 'cow' } });
      schema.renameEnumValue('pets', 'kind', 'cow', 'cattle');
      schema.renameColumn('pets', 'kind', 'sort');
      schema.addIndex('pets', ['name'], { where: { sort: 'cattle' } });
      schema.changeColumn('pets', 'sort', {
        type: DataTypes.ENUM('ant', 'cat', 'cattle', 'dog'),
        defaultValue: 'ant',
      });
    },
  ],
  [
    'rows that are updated by SQL, and a column of it that gets another name and an index',
    (schema) => {
      schema.bulkUpdate('pets', { age: literal('age * 2 + id') }, literal("age < 3 AND name = 'Rex'"));
      schema.renameColumn('pets', 'name', 'title');
      schema.addIndex('pets', ['title']);
    },
  ],
  [
    'rows that are updated, one after the other, before a column is removed',
    (schema) => {
      schema.addColumn('pets', 'title', text);
      schema.bulkUpdate('pets', { title: literal('upper(name)') }, literal('name IS NOT NULL'));
      schema.bulkUpdate('pets', { age: 7 }, { title: 'REX' });
      schema.removeColumn('pets', 'name', text);
      schema.addIndex('pets', ['age']);
      schema.bulkUpdate('pets', { age: 8 }, { title: 'BO' });
    },
  ],
  [
    'rows that are deleted, and a unique constraint on what is left',
    (schema) => {
      schema.bulkDelete('pets', literal("name = 'Rex'"));
      schema.addConstraint('pets', { type: 'unique', fields: ['age'] });
      schema.renameColumn('pets', 'name', 'title');
      schema.addIndex('pets', ['title']);
    },
  ],
  [
    'rows that are inserted, numbered by a sequence, into a table that gets another column',
    (schema) => {
      schema.createTable('toys', { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true } });
      schema.bulkInsert('toys', [{ id: 1 }, { id: 5 }]);
      schema.addColumn('toys', 'name', { ...text, allowNull: false, backfill: literal("'toy ' || id") });
      schema.bulkInsert('pets', [{ id: 9, name: 'Tom', age: 9 }]);
      schema.addIndex('pets', ['name'], { unique: true });
    },
  ],
  [
    'a column, an index and a table that get one name after the other',
    (schema) => {
      schema.renameColumn('pets', 'name', 'label');
      schema.renameColumn('pets', 'label', 'title');
      schema.addIndex('pets', ['title'], { name: 'first' });
      schema.renameIndex('pets', 'first', 'second');
      schema.renameIndex('pets', 'second', 'third');
      schema.renameTable('pets', 'beasts');
      schema.renameTable('beasts', 'animals');
      schema.addIndex('animals', ['age', 'title']);
    },
  ],
  [
    'a column and an index that get another name, and are removed',
    (schema) => {
      schema.addIndex('pets', ['age'], { name: 'first' });
      schema.renameIndex('pets', 'first', 'second');
      schema.removeIndex('pets', ['age'], { name: 'second' });
      schema.renameColumn('pets', 'name', 'title');
      schema.removeColumn('pets', 'title', text);
      schema.addIndex('pets', ['id', 'age']);
    },
  ],
  [
    'a column with a backfill, and a check on it',
    (schema) => {
      schema.addColumn('pets', 'size', { ...text, allowNull: false, backfill: literal("'S'") });
      schema.addConstraint('pets', { type: 'check', name: 'sized', where: literal("size <> ''") });
    },
  ],
])('is finished by the same run again, wherever it was cut: %s', async (_, up) => {
  await planner.reset(`${PETS}; ${ROWS}`);
  await planner.migrate(up);
  const schema = await schemaOf(planner.database);
  const table = schema.includes('pets id integer not null') ? 'pets' : 'animals';
  const rows = await planner.database.query(`SELECT * FROM ${table} ORDER BY id`);
  for (let n = 1; n < 200; n += 3) {
    await planner.reset(`${PETS}; ${ROWS}`);
    if (!(await cutBefore(n, up))) return;
    await planner.migrate(up);
    expect({ n, schema: await schemaOf(planner.database) }).toEqual({ n, schema });
    expect(await planner.database.query(`SELECT * FROM ${table} ORDER BY id`)).toEqual(rows);
  }
  throw new Error('The migration has sent more statements than were cut.');
});

it('names that are exchanged are refused in a migration of several transactions, with what to write', async () => {
  const exchange = (schema: Schema) => {
    schema.renameColumn('pets', 'name', 'aside');
    schema.renameColumn('pets', 'age', 'name');
    schema.renameColumn('pets', 'aside', 'age');
  };
  const withIndex = (schema: Schema) => {
    exchange(schema);
    schema.addIndex('pets', ['age']);
  };
  await planner.reset(`${PETS}; ${ROWS}`);
  const before = await schemaOf(planner.database);
  await expect(planner.migrate(withIndex)).rejects.toThrow(
    /gives columns of pets the names of each other.*\n {2}schema\.renameColumn\('pets', 'name', 'aside'\);\n/,
  );
  expect(await schemaOf(planner.database)).toEqual(before);
  const indexes = (schema: Schema) => {
    [['a', 'x'] as const, ['b', 'a'] as const, ['x', 'b'] as const].forEach(([from, to]) =>
      schema.renameIndex('pets', from, to),
    );
    schema.addIndex('pets', ['age']);
  };
  await planner.reset(`${PETS}; ${ROWS}; CREATE INDEX a ON pets (id); CREATE INDEX b ON pets (name)`);
  await expect(planner.migrate(indexes)).rejects.toThrow(
    /gives indexes of pets .*\n {2}schema\.renameIndex\('pets', 'a', 'x'\);\n/,
  );
  await planner.reset(`${PETS}; ${ROWS}`);
  await planner.migrate(exchange);
  expect(await schemaOf(planner.database)).toContain('pets name integer');
});
