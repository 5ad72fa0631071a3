import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// Foreign keys that are declared by themselves.

const migrations = useMigrations();

const TABLES = `CREATE TABLE owners (id integer PRIMARY KEY, town text, house integer, UNIQUE (town, house));
  CREATE TABLE pets (id integer PRIMARY KEY, "ownerId" integer, town text, house integer, mother integer)`;
const ROWS = `INSERT INTO owners VALUES (1, 'Ulm', 1), (2, 'Ulm', 2);
  INSERT INTO pets VALUES (1, 1, 'Ulm', 2, NULL), (2, NULL, 'Bern', NULL, 1)`;

type Up = (schema: Schema) => void;

const ofOwner = {
  type: 'foreign key',
  fields: ['ownerId'],
  references: { table: 'owners', field: 'id' },
} as const;

const deletesPets: Up = (schema) => schema.addConstraint('pets', { ...ofOwner, onDelete: 'CASCADE' });

describe.each([
  ['without rows', TABLES],
  ['with rows', `${TABLES}; ${ROWS}`],
])('on tables %s', (_, sql) => {
  it.each<[string, Up, string]>([
    [
      'named as Sequelize does',
      (schema) => schema.addConstraint('pets', ofOwner),
      'pets pets_ownerId_owners_fk FOREIGN KEY ("ownerId") REFERENCES owners(id)',
    ],
    [
      'of several columns, with actions',
      (schema) =>
        schema.addConstraint('pets', {
          type: 'foreign key',
          name: 'lives_at',
          fields: ['town', 'house'],
          references: { table: 'owners', fields: ['town', 'house'] },
          onUpdate: 'CASCADE',
          onDelete: 'SET NULL',
        }),
      'pets lives_at FOREIGN KEY (town, house) REFERENCES owners(town, house) ON UPDATE CASCADE ON DELETE SET NULL',
    ],
    [
      'to the table itself',
      (schema) =>
        schema.addConstraint('pets', {
          ...ofOwner,
          name: 'mother_of',
          fields: ['mother'],
          references: { table: 'pets', field: 'id' },
        }),
      'pets mother_of FOREIGN KEY (mother) REFERENCES pets(id)',
    ],
    [
      'of tables and columns that get other names',
      (schema) => {
        schema.addConstraint('pets', { ...ofOwner, name: 'owned' });
        schema.renameTable('owners', 'people');
        schema.renameColumn('people', 'id', 'number');
        schema.renameColumn('pets', 'ownerId', 'owner');
      },
      'pets owned FOREIGN KEY (owner) REFERENCES people(number)',
    ],
  ])('a foreign key is added, dropped and added again: %s', async (__, up, line) => {
    expect(await migrations.convergesThereAndBack(sql, { name: 'one.js', up })).toContain(line);
  });

  it('one is removed, and restored with its actions', async () => {
    const was = { ...ofOwner, name: 'owned', onDelete: 'CASCADE' } as const;
    const key =
      'ALTER TABLE pets ADD CONSTRAINT owned FOREIGN KEY ("ownerId") REFERENCES owners ON DELETE CASCADE';
    const remove = { name: 'one.js', up: (schema: Schema) => schema.removeConstraint('pets', was) };
    const after = await migrations.convergesThereAndBack(`${sql}; ${key}`, remove);
    expect(after).not.toContainEqual(expect.stringContaining('FOREIGN KEY'));
  });

  it('another action replaces the one of an earlier migration, and an undo restores that', async () => {
    const references = { model: 'owners', key: 'id' };
    const before = {
      name: 'one.js',
      up: (schema: Schema) => schema.addColumn('pets', 'keeper', { type: DataTypes.INTEGER, references }),
    };
    const after = {
      name: 'two.js',
      up: (schema: Schema) =>
        schema.addConstraint('pets', { ...ofOwner, fields: ['keeper'], name: 'kept', onDelete: 'CASCADE' }),
    };
    await migrations.reset(sql);
    await migrations.up(before, after);
    const keys = (await migrations.schema()).filter((line) => line.includes('(keeper)'));
    expect(keys).toEqual(['pets kept FOREIGN KEY (keeper) REFERENCES owners(id) ON DELETE CASCADE']);
    const undone = await migrations.steps(after, 'down', [before]);
    expect(undone.map(({ purpose }) => purpose)).toEqual([
      'add foreign key pets_keeper_fkey',
      'validate foreign key pets_keeper_fkey',
      'drop foreign key kept, which acts otherwise',
    ]);
    expect((await migrations.steps(after, 'down')).map(({ purpose }) => purpose)).toEqual([
      'drop foreign key kept',
    ]);
  });
});

it('a foreign key may refer to a table that the same migration creates', async () => {
  const up = (schema: Schema) => {
    schema.createTable('towns', { name: { type: DataTypes.TEXT, primaryKey: true } });
    schema.addColumn('pets', 'born_in', { type: DataTypes.TEXT });
    const references = { table: 'towns', field: 'name' };
    schema.addConstraint('pets', { ...ofOwner, fields: ['born_in'], references });
  };
  expect(await migrations.convergesThereAndBack(TABLES, { name: 'one.js', up })).toContain(
    'pets pets_born_in_towns_fk FOREIGN KEY (born_in) REFERENCES towns(name)',
  );
});

it.each<[string, Up]>([
  ['a unique constraint', (schema) => schema.addConstraint('owners', { type: 'unique', fields: ['town'] })],
  ['a unique index', (schema) => schema.addIndex('owners', ['town'], { unique: true })],
])('a foreign key may depend on %s that is found when the migration is done again', async (_, add) => {
  const up: Up = (schema) => {
    add(schema);
    const references = { table: 'owners', field: 'town' };
    schema.addConstraint('pets', { ...ofOwner, fields: ['town'], references });
  };
  expect(await migrations.convergesThereAndBack(TABLES, { name: 'one.js', up })).toContain(
    'pets pets_town_owners_fk FOREIGN KEY (town) REFERENCES owners(town)',
  );
});

it('a foreign key that is there under another name is enough, and stays when the migration is undone', async () => {
  await migrations.reset(
    `${TABLES}; ALTER TABLE pets ADD CONSTRAINT theirs FOREIGN KEY ("ownerId") REFERENCES owners ON DELETE CASCADE`,
  );
  const before = await migrations.schema();
  await migrations.up({ name: 'one.js', up: deletesPets });
  expect(await migrations.schema()).toEqual(before);
  await migrations.down({ name: 'one.js', up: deletesPets });
  expect(await migrations.schema()).toEqual(before);
});

it('a foreign key is added NOT VALID and validated, in locks that do not block reads of either table', async () => {
  await migrations.reset(`${TABLES}; ${ROWS}`);
  const steps = await migrations.steps({ name: 'one.js', up: deletesPets }, 'up');
  expect(steps.map(({ sql, locks }) => [sql, ...(locks ?? [])])).toEqual([
    [
      expect.stringContaining('NOT VALID'),
      { table: 'pets', mode: 'SHARE ROW EXCLUSIVE' },
      { table: 'owners', mode: 'SHARE ROW EXCLUSIVE' },
    ],
    [expect.stringContaining('VALIDATE'), { table: 'pets', mode: 'SHARE UPDATE EXCLUSIVE' }],
  ]);
});

describe('refused before anything is done', () => {
  it('orphaned rows, with the query that lists them', async () => {
    const up = (schema: Schema) => {
      schema.addIndex('pets', ['ownerId']);
      deletesPets(schema);
    };
    const refusal = await migrations.refusal(`${TABLES}; ${ROWS}; INSERT INTO pets VALUES (3, 9)`, {
      name: 'one.js',
      up,
    });
    const [query = ''] = /SELECT .*(?=;)/.exec(refusal) ?? [];
    expect(await migrations.query(query)).toEqual([expect.objectContaining({ id: 3, ownerId: 9 })]);
  });

  it('another foreign key of the name', async () => {
    const key =
      'ALTER TABLE pets ADD CONSTRAINT "pets_ownerId_owners_fk" FOREIGN KEY (mother) REFERENCES pets';
    const refusal = await migrations.refusal(`${TABLES}; ${key}`, { name: 'one.js', up: deletesPets });
    expect(refusal).toContain('found foreign key (mother) to pets (id)');
  });

  it('a table that is not there, and columns that are not unique', async () => {
    const to = (references: { table: string; field: string }) => ({
      name: 'one.js',
      up: (schema: Schema) => schema.addConstraint('pets', { ...ofOwner, references }),
    });
    expect(await migrations.refusal(TABLES, to({ table: 'towns', field: 'id' }))).toContain(
      'Table towns does not exist',
    );
    expect(await migrations.refusal(TABLES, to({ table: 'owners', field: 'house' }))).toContain(
      'there is no unique constraint matching given keys for referenced table "owners"',
    );
  });
});

it('a column whose key a later migration has removed, with what it refers to, can be declared again', async () => {
  const parent = { type: DataTypes.TEXT, references: { model: 'owners', key: 'name' } };
  const unique = { type: 'unique', fields: ['name'], name: 'once' } as const;
  const key = {
    type: 'foreign key',
    name: 'pets_owner_fkey',
    fields: ['owner'],
    references: { table: 'owners', field: 'name' },
  } as const;
  const remove: Up = (schema) => {
    schema.removeConstraint('pets', key);
    schema.removeConstraint('owners', unique);
  };
  await migrations.reset(
    'CREATE TABLE pets (id integer); CREATE TABLE owners (name text CONSTRAINT once UNIQUE)',
  );
  const add = { name: '1.js', up: (schema: Schema) => schema.addColumn('pets', 'owner', parent) };
  await migrations.up(add, { name: '2.js', up: remove });
  const after = await migrations.schema();
  await migrations.upBefore(add, { name: '2.js', up: remove });
  expect(await migrations.schema()).toEqual(after);
});
