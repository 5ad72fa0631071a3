import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// An undo of several transactions is cut before any of its statements, and run again as a whole.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const kind = { type: DataTypes.ENUM('cat', 'dog') };

it.each<[string, string, (schema: Schema) => void]>([
  [
    'of a new column, with another name for it, for a label of it and for its index',
    PETS,
    (schema) => {
      schema.addColumn('pets', 'kind', kind);
      schema.addIndex('pets', ['kind']);
      schema.renameIndex('pets', 'pets_kind', 'pets_sort');
      schema.renameColumn('pets', 'kind', 'sort');
      schema.renameEnumValue('pets', 'sort', 'dog', 'hound');
    },
  ],
  [
    'of a new table, with other names in it',
    '',
    (schema) => {
      schema.createTable(
        'pets',
        { id: { type: DataTypes.INTEGER, primaryKey: true }, kind },
        { indexes: [{ fields: ['kind'] }] },
      );
      schema.renameEnumValue('pets', 'kind', 'dog', 'hound');
      schema.renameIndex('pets', 'pets_kind', 'pets_sort');
      schema.renameColumn('pets', 'kind', 'sort');
      schema.renameTable('pets', 'animals');
      schema.addIndex('animals', ['id', 'sort']);
    },
  ],
])('an undo is finished by the same command again, wherever it was cut: %s', async (_, sql, up) => {
  const one = { name: 'one.js', up };
  for (let n = 1; n < 200; n += 1) {
    await migrations.reset(sql);
    const before = await migrations.schema();
    await migrations.up(one);
    let sent = 0;
    migrations.beforeStatement = () => {
      sent += 1;
      return sent === n ? Promise.reject(new Error('the network is gone')) : Promise.resolve();
    };
    const isCut = await migrations.down(one).then(
      () => false,
      () => true,
    );
    migrations.beforeStatement = undefined;
    if (isCut) await migrations.down(one);
    expect({ n, schema: await migrations.schema() }).toEqual({ n, schema: before });
    if (sent < n) return;
  }
  throw new Error('The undo has sent more statements than were cut.');
});
