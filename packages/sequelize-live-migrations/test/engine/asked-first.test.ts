import { col, DataTypes, fn, literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// What would fail half-way is found out before the first step: nothing at all is done then.

const migrations = useMigrations();

const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer, kind enum_pets_kind DEFAULT 'cat')`;
const ROWS = `INSERT INTO pets VALUES (1, 'Rex', 1, 'cat'), (2, 'rex', 1, 'cat'), (3, 'Rex', -2, 'dog'), (4, NULL, 9, 'cat'), (5, NULL, 9, 'cat')`;

const integer = { type: DataTypes.INTEGER };

/** Something that would be done first. */
const first = (schema: Schema) => schema.addIndex('pets', ['id', 'name']);

describe('rows that a change would fail on are found before anything is done, with a query that lists them', () => {
  it.each<[string, (schema: Schema) => void, readonly object[]]>([
    [
      'a unique index',
      (schema) => schema.addIndex('pets', ['name'], { unique: true }),
      [{ name: 'Rex', count: '2' }],
    ],
    [
      'one on two columns, of which one may be null',
      (schema) => schema.addIndex('pets', ['age', 'kind'], { unique: true }),
      [
        { age: 1, kind: 'cat', count: '2' },
        { age: 9, kind: 'cat', count: '2' },
      ],
    ],
    [
      'a partial one',
      (schema) =>
        schema.addIndex('pets', ['age'], { unique: true, where: { kind: 'cat', age: { [Op.lt]: 9 } } }),
      [{ age: 1, count: '2' }],
    ],
    [
      'one on an expression',
      (schema) =>
        schema.addIndex('pets', [fn('lower', col('name')), 'kind'], { unique: true, name: 'by_name' }),
      [{ lower: 'rex', kind: 'cat', count: '2' }],
    ],
    [
      'one on a column with an order',
      (schema) => schema.addIndex('pets', [{ name: 'name', order: 'DESC', collate: 'C' }], { unique: true }),
      [{ name: 'Rex', count: '2' }],
    ],
    [
      'a check',
      (schema) =>
        schema.addConstraint('pets', { type: 'check', name: 'of_age', where: { age: { [Op.gt]: 0 } } }),
      [{ id: 3, name: 'Rex', age: -2, kind: 'dog' }],
    ],
    [
      'a check on an enum',
      (schema) => schema.addConstraint('pets', { type: 'check', name: 'cats', where: { kind: 'cat' } }),
      [{ id: 3, name: 'Rex', age: -2, kind: 'dog' }],
    ],
    [
      'a foreign key',
      (schema) =>
        schema.changeColumn('pets', 'age', { ...integer, references: { model: 'ages', key: 'years' } }),
      [{ id: 3, name: 'Rex', age: -2, kind: 'dog' }],
    ],
  ])('%s', async (_, change, listed) => {
    const up = (schema: Schema) => {
      first(schema);
      change(schema);
    };
    const ages = 'CREATE TABLE ages (years integer PRIMARY KEY); INSERT INTO ages VALUES (1), (9)';
    const refusal = await migrations.refusal(`${PETS}; ${ROWS}; ${ages}`, { name: 'one.js', up });
    expect(refusal).toContain('Nothing of this migration was done.');
    expect(sorted(await migrations.query(queryIn(refusal)))).toEqual(sorted(listed));
  });

  it.each<[string, (schema: Schema) => void, readonly object[]]>([
    [
      'a unique index',
      (schema) =>
        schema.addIndex('pets', ['title', 'kind'], { unique: true, where: { title: 'Rex', kind: 'dog' } }),
      [{ title: 'Rex', kind: 'dog', count: '2' }],
    ],
    [
      'a check',
      (schema) =>
        schema.addConstraint('pets', { type: 'check', name: 'c', where: literal("title <> 'rex'") }),
      [{ id: 2, title: 'rex', age: 1, kind: 'cat' }],
    ],
  ])('%s on a column that gets a new name in the same migration', async (_, change, listed) => {
    const up = (schema: Schema) => {
      first(schema);
      schema.renameColumn('pets', 'name', 'title');
      change(schema);
    };
    const rows = "INSERT INTO pets VALUES (6, 'Rex', 1, 'dog')";
    const refusal = await migrations.refusal(`${PETS}; ${ROWS}; ${rows}`, { name: 'one.js', up });
    expect(sorted(await migrations.query(queryIn(refusal)))).toEqual(sorted(listed));
  });

  it('all of them together, so that they can be corrected together', async () => {
    const up = (schema: Schema) => {
      schema.addIndex('pets', ['name'], { unique: true });
      schema.addConstraint('pets', { type: 'check', name: 'of_age', where: { age: { [Op.gt]: 0 } } });
      schema.addIndex('pets', ['age'], { unique: true });
    };
    const refusal = await migrations.refusal(`${PETS}; ${ROWS}`, { name: 'one.js', up });
    expect(refusal.match(/^ {2}- .*/gm)).toHaveLength(3);
  });

  it.each([
    ['nulls are no duplicates', { where: { age: 9 } }],
    ['rows outside of a partial index are none', { where: { id: { [Op.gt]: 2 } } }],
  ])('but %s', async (_, options) => {
    const up = (schema: Schema) => schema.addIndex('pets', ['name'], { unique: true, ...options });
    const after = await migrations.convergesThereAndBack(`${PETS}; ${ROWS}`, { name: 'one.js', up });
    expect(after).toContainEqual(expect.stringContaining('CREATE UNIQUE INDEX pets_name ON'));
  });

  /** The query that lists the rows. */
  function queryIn(refusal: string): string {
    return /: (SELECT [^;]*);/.exec(refusal)?.[1] ?? '';
  }

  function sorted(rows: readonly object[]): string[] {
    return rows.map((row) => JSON.stringify(row)).sort();
  }
});

describe('a column that needs a value in every row, and has neither a default nor a backfill', () => {
  const needed = { type: DataTypes.TEXT, allowNull: false };

  it.each([
    ['without rows', PETS],
    ['with rows', `${PETS}; ${ROWS}`],
  ])('is refused on a table %s alike: what passes in CI passes in production', async (_, sql) => {
    const up = (schema: Schema) => {
      first(schema);
      schema.addColumn('pets', 'owner', needed);
    };
    const refusal = await migrations.refusal(sql, { name: 'one.js', up });
    expect(refusal).toMatch(/column pets\.owner: expected a value in every row.*backfill: literal\('…'\)/);
  });

  it.each<[string, string, object]>([
    ['a default, without rows', PETS, { defaultValue: 'nobody' }],
    ['a default, with rows', `${PETS}; ${ROWS}`, { defaultValue: 'nobody' }],
    ['a backfill, without rows', PETS, { backfill: literal("'nobody'") }],
    ['a backfill, with rows', `${PETS}; ${ROWS}`, { backfill: literal("coalesce(pets.name, 'nobody')") }],
  ])('is accepted with %s, and has the same shape', async (_, sql, value) => {
    const one = {
      name: 'one.js',
      up: (schema: Schema) => schema.addColumn('pets', 'owner', { ...needed, ...value }),
    };
    await migrations.reset(sql);
    await migrations.up(one);
    const expected = 'defaultValue' in value ? " default 'nobody'::text" : '';
    expect(await migrations.schema()).toContain(`pets owner text not null${expected}`);
    expect(await migrations.purposes(one)).toEqual([]);
  });

  it('is accepted in a table that the migration itself creates', async () => {
    const up = (schema: Schema) => {
      schema.createTable('toys', { id: { ...integer, primaryKey: true } });
      schema.addColumn('toys', 'name', needed);
    };
    const after = await migrations.thereAndBack('', { name: 'one.js', up });
    expect(after).toContain('toys name text not null');
  });

  it('is refused with a backfill that is no SQL, or of a column that is not there', async () => {
    for (const backfill of [literal('upper('), literal('title'), literal('no_function(name)')]) {
      const up = (schema: Schema) => schema.addColumn('pets', 'owner', { ...needed, backfill });
      const refusal = await migrations.refusal(`${PETS}; ${ROWS}`, { name: 'one.js', up });
      expect(refusal).toMatch(/PostgreSQL does not accept what one\.js declares/);
    }
  });
});

describe('on a table with rows, after another change', () => {
  const taken = `${PETS}; ${ROWS}; CREATE TABLE toys (id integer); CREATE INDEX taken ON toys (id)`;
  it.each<[string, (schema: Schema) => void]>([
    ['an index', (schema) => schema.addIndex('pets', ['name'], { name: 'taken' })],
    [
      'a unique constraint',
      (schema) => schema.addConstraint('pets', { type: 'unique', fields: ['id'], name: 'taken' }),
    ],
  ])('the name of %s is one that another table, or its index, has', async (_, up) => {
    const one = { name: 'one.js', up: (schema: Schema) => [first, up].forEach((each) => each(schema)) };
    expect(await migrations.refusal(taken, one)).toContain(
      'index taken of table pets: expected a name that nothing else in the schema has',
    );
  });
});

describe('the name of a constraint is that of another kind of constraint of the table', () => {
  const owned = `${PETS}; ALTER TABLE pets ADD CONSTRAINT parent FOREIGN KEY (age) REFERENCES pets (id), ADD CONSTRAINT old CHECK (age < 99);
    INSERT INTO pets VALUES (1, 'Rex', 1)`;
  const options = {
    check: { type: 'check', where: literal('age > 0') },
    unique: { type: 'unique', fields: ['age'] },
    'foreign key': { type: 'foreign key', fields: ['id'], references: { table: 'pets', field: 'id' } },
  } as const;
  it.each([
    ['check', 'pets_pkey', 'primary key (id)'],
    ['check', 'parent', 'foreign key (age) to pets (id)'],
    ['unique', 'pets_pkey', 'primary key (id)'],
    ['unique', 'parent', 'foreign key (age) to pets (id)'],
    ['unique', 'old', 'CHECK ((age < 99))'],
    ['foreign key', 'pets_pkey', 'primary key (id)'],
    ['foreign key', 'old', 'CHECK ((age < 99))'],
  ] as const)('%s %s', async (type, name, found) => {
    const up = (schema: Schema) => {
      first(schema);
      schema.addConstraint('pets', { ...options[type], name });
    };
    expect(await migrations.refusal(owned, { name: 'one.js', up })).toMatch(
      new RegExp(`constraint ${name} of table pets: expected .*, found ${found.replace(/[()]/g, '\\$&')}`),
    );
  });
});

describe('a column of a domain with constraints, for which PostgreSQL writes each row', () => {
  const domain = 'CREATE DOMAIN positive AS integer CHECK (VALUE > 0)';
  const add = (more: object) => ({
    name: 'one.js',
    up: (schema: Schema) => schema.addColumn('pets', 'legs', { type: 'positive', ...more }),
  });

  it.each([{}, { defaultValue: 3 }, { allowNull: false, defaultValue: literal('1 + random()::integer') }])(
    'is not added to a table with rows: %j',
    async (more) => {
      expect(await migrations.refusal(`${domain}; ${PETS}; ${ROWS}`, add(more))).toContain(
        'column pets.legs: expected type positive, found no such column, and rows',
      );
    },
  );

  it('is added to one without', async () => {
    expect(await migrations.convergesThereAndBack(`${domain}; ${PETS}`, add({ defaultValue: 3 }))).toContain(
      'pets legs positive default 3',
    );
  });
});
