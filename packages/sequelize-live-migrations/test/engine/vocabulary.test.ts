import { col, DataTypes, Deferrable, fn, literal, Op } from 'sequelize';
import { migration } from '../../src/migration';
import {
  type ColumnAttributes,
  declaredEnum,
  foreignKeyName,
  indexName,
  primaryKeyName,
  type Schema,
} from '../../src/vocabulary';
import { declare } from '../support/declare';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

const migrations = useMigrations();

const type = DataTypes.INTEGER;
const check = { type: 'check', name: 'of_age', where: literal('age > 0') };

describe('what is not known is refused by its name, and not left out', () => {
  it.each([
    [/field, validate cannot/, declare('addColumn', 'pets', 'age', { type, field: 'a', validate: {} })],
    [/values cannot be/, declare('addColumn', 'pets', 'kind', { type: DataTypes.ENUM, values: ['cat'] })],
    [/storedAs cannot be/, declare('removeColumn', 'pets', 'age', { type, storedAs: literal('1') })],
    [/engine cannot be declared/, declare('createTable', 'pets', { id: { type } }, { engine: 'InnoDB' })],
    [/concurrently cannot be/, declare('addIndex', 'pets', ['age'], { concurrently: true })],
    [/parser cannot be declared/, declare('removeIndex', 'pets', ['age'], { parser: 'x' })],
    [/length cannot be declared/, declare('addIndex', 'pets', [{ name: 'age', length: 3 }])],
    [/attribute cannot be declared/, declare('addIndex', 'pets', [{ attribute: 'age' }])],
    [/deferrable cannot/, declare('addConstraint', 'pets', { ...check, deferrable: true })],
    [/references: deferrable cannot/, declare('addColumn', 'pets', 'age', referring({ deferrable: true }))],
    [/overlapping cannot be/, declare('renameColumn', 'pets', 'age', 'years', { overlapping: true })],
    [/\{"overlap":true\} is not known/, declare('renameColumn', 'pets', 'a', 'b', {}, { overlap: true })],
    [/\{"at":1\} is not known/, declare('renameEnumValue', 'pets', 'kind', 'cat', 'dog', { at: 1 })],
    [/cascade cannot be declared/, declare('dropTable', 'pets', { id: { type } }, { cascade: true })],
    [/\{"after":"id"\} is not known/, declare('addColumn', 'pets', 'age', { type }, { after: 'id' })],
    [/force cannot be declared/, declare('removeColumn', 'pets', 'age', { type }, { force: true })],
    [/\{"schema":"x"\} is not known/, declare('renameTable', 'pets', 'animals', { schema: 'x' })],
    [/There is no method dropAllTables/, declare('dropAllTables')],
  ])('%s', (message, state) => {
    expect(() => migration('one.js', { up: state })).toThrow(message);
    expect(() => migration('one.js', { up: state })).toThrow(/^one\.js: /);
  });

  function referring(more: object) {
    return { type, references: { model: 'owners', key: 'id', ...more } };
  }
});

describe('what is no such thing is refused', () => {
  it.each([
    ['no attributes', declare('addColumn', 'pets', 'age'), /addColumn of pets\.age: an object is expected/],
    ['only a type', declare('addColumn', 'pets', 'age', type), /an object is expected, and not INTEGER/],
    ['no column as it was', declare('removeColumn', 'pets', 'age'), /removeColumn of pets\.age: an object/],
    ['no table as it was', declare('dropTable', 'pets'), /dropTable of pets: an object is expected/],
    ['no type', declare('addColumn', 'pets', 'age', { type: undefined }), /a type is expected/],
    ['null for a type', declare('addColumn', 'pets', 'age', { type: null }), /a type is expected/],
    ['a word for a boolean', declare('addColumn', 'pets', 'age', { type, allowNull: 'no' }), /and not "no"/],
    ['no comment', declare('addColumn', 'pets', 'a', { type, comment: '' }), /comment is a text, and not ""/],
    ['a number for one', declare('createTable', 'pets', {}, { comment: 1 }), /comment is a text, and not 1/],
    [
      'a comment as on what is kept aside',
      declare('addColumn', 'pets', 'a', { type, comment: 'Kept aside by me' }),
      /comment begins with "Kept aside by "/,
    ],
    [
      'a word for overlap',
      declare('renameColumn', 'a', 'b', 'c', { overlap: 'no' }),
      /or false, and not "no"/,
    ],
    ['a word for unique', declare('addIndex', 'pets', ['age'], { unique: 'yes' }), /and not "yes"/],
    [
      'null for a field',
      declare('addIndex', 'pets', [null], { name: 'x' }),
      /a field: an object is expected/,
    ],
    ['one field and no array', declare('addIndex', 'pets', 'age'), /expected as an array: \['name'\]/],
    ['another constraint', declare('addConstraint', 'pets', { ...check, type: 'exclude' }), /not "exclude"/],
    ['no foreign key', declare('addColumn', 'a', 'b', { type, onDelete: 'CASCADE' }), /no references/],
    [
      'a column and no array',
      declare('addIndex', 'pets', ['a'], { include: 'b' }),
      /\{ include: \['name'\] \}/,
    ],
    ['text for an expression', declare('addColumn', 'a', 'b', { type, generatedAs: '1' }), /literal\('…'\)/],
    [
      'a generated default',
      declare('addColumn', 'a', 'b', { type, generatedAs: literal('1'), defaultValue: 1 }),
      /no other value than that of its expression, so no defaultValue/,
    ],
    [
      'an identity and no autoIncrement',
      declare('addColumn', 'a', 'b', { type, autoIncrementIdentity: true }),
      /a kind of autoIncrement/,
    ],
    ['a key to nothing', declare('addConstraint', 'pets', key()), /references: an object is expected/],
    ['a key to no column', declare('addConstraint', 'pets', key({ table: 'owners' })), /a name is expected/],
    [
      'when a key is checked',
      declare('addColumn', 'pets', 'owner', {
        type,
        references: { model: 'owners', key: 'id', deferrable: true },
      }),
      /write after this: schema\.sql\(\{ up: 'ALTER TABLE "pets" ALTER CONSTRAINT "pets_owner_fkey" DEFERRABLE/,
    ],
    [
      'when a key by itself is checked',
      declare('addConstraint', 'pets', {
        ...key({ table: 'owners', field: 'id' }),
        deferrable: Deferrable.INITIALLY_IMMEDIATE(),
      }),
      /CONSTRAINT "pets_owner_owners_fk" DEFERRABLE INITIALLY IMMEDIATE', down: '.* NOT DEFERRABLE' \}\);$/,
    ],
    [
      'a key of one column to two',
      declare('addConstraint', 'pets', key({ table: 'owners', fields: ['a', 'b'] })),
      /1 columns cannot refer to 2 of owners/,
    ],
    [
      'an action in small letters',
      declare('addConstraint', 'pets', { ...key({ table: 'owners', field: 'id' }), onDelete: 'cascade' }),
      /onDelete is "NO ACTION" or .* and not "cascade"/,
    ],
    [
      'a backfill for nulls',
      declare('addColumn', 'a', 'b', { type, backfill: literal('1') }),
      /allowNull: f/,
    ],
    ['a long column', declare('addColumn', 'pets', 'é'.repeat(32), { type }), /may be, 63 bytes/],
    ['a long new name', declare('renameColumn', 'pets', 'age', 'x'.repeat(64)), /may be, 63 bytes/],
    ['no new label', declare('renameEnumValue', 'pets', 'kind', 'cat'), /a name is expected, and not undef/],
    ['a long index', declare('addIndex', 'pets', ['age'], { name: 'x'.repeat(64) }), /may be, 63 bytes/],
  ])('%s', (_, state, message) => {
    expect(() => migration('one.js', { up: state })).toThrow(message);
  });

  function key(references?: object) {
    return { type: 'foreign key', fields: ['owner'], references };
  }

  it.each<[string, object]>([
    ['undefined', { where: undefined }],
    ['null', { where: null }],
    ['without a condition', { where: {} }],
    ['text', { where: 'age > 0' }],
    ['with an undefined value', { where: { age: undefined } }],
    ['with an undefined value deep inside', { where: { [Op.or]: [{ age: { [Op.gt]: undefined } }] } }],
  ])('a condition that is %s: it would be true of every row', (_, where) => {
    const message = /where is a condition with all its values/;
    expect(() => migration('one.js', { up: declare('addIndex', 'pets', ['age'], where) })).toThrow(message);
    const wrong = declare('addConstraint', 'pets', { ...check, ...where });
    expect(() => migration('one.js', { up: wrong })).toThrow(message);
  });

  it('an async function: what it declares after an await would be lost', () => {
    const later = async (schema: Schema) => {
      schema.addColumn('pets', 'age', { type });
      await Promise.resolve();
      schema.addColumn('pets', 'name', { type });
    };
    const up: (schema: Schema) => unknown = later;
    expect(() => migration('one.js', { up })).toThrow('what is declared after an await comes too late');
  });
});

describe('text that is more than what it stands for is refused, with nothing done', () => {
  it.each([
    'integer CHECK (age > 0)',
    'text COLLATE "C"',
    'bigint GENERATED BY DEFAULT AS IDENTITY',
    'integer NOT NULL',
    'integer DEFAULT 1',
    'integer UNIQUE',
    'integer REFERENCES pets',
    'serial PRIMARY KEY',
    'integer, more text',
    'integer --',
  ])('the type %s', async (text) => {
    expect(await refusalOf({ type: text })).toMatch(REFUSED);
  });

  it.each(['1 CHECK (age > 0)', '1 NOT NULL', '1 REFERENCES pets', '1, more text'])(
    'the default %s',
    async (text) => {
      expect(await refusalOf({ type, defaultValue: literal(text) })).toMatch(REFUSED);
    },
  );

  const REFUSED = /syntax error .* Nothing of this migration was done/;

  async function refusalOf(attributes: ColumnAttributes): Promise<string> {
    const up = (schema: Schema) => schema.addColumn('pets', 'age', attributes);
    return migrations.refusal('CREATE TABLE pets (id integer PRIMARY KEY)', { name: 'one.js', up });
  }
});

describe('names that are left out', () => {
  const long = 'x'.repeat(60);

  it('of indexes are those that Sequelize gives', () => {
    expect(indexName('sections', ['createdAt'])).toBe('sections_created_at');
    expect(indexName(long, ['kind'])).toBe(`${long}_ki`);
  });

  it('of constraints and types are those that PostgreSQL gives, also where they would be too long', async () => {
    const label = { type: DataTypes.ENUM('a') };
    for (const [table, column] of [
      [long, 'owner'],
      ['pets', 'y'.repeat(62)],
      ['é'.repeat(20), 'ü'.repeat(30)],
    ] as const) {
      await migrations.reset(`CREATE TABLE owners (id integer PRIMARY KEY);
        CREATE TABLE "${table}" ("${column}" integer PRIMARY KEY REFERENCES owners);
        CREATE TYPE "enum_${table}_${column}" AS ENUM ('a')`);
      const found =
        await migrations.query(`SELECT conname AS name FROM pg_constraint WHERE contype IN ('p', 'f')
        AND connamespace = '${SCHEMA}'::regnamespace AND conrelid <> 'owners'::regclass UNION SELECT typname FROM pg_type WHERE typtype = 'e'`);
      const expected = [
        primaryKeyName(table),
        foreignKeyName(table, column),
        declaredEnum({ table, column, attributes: label })?.name,
      ];
      expect(found.map(({ name }) => name).sort()).toEqual(expected.sort());
    }
  });

  it('let a table with a long name be created, found again, undone and created again', async () => {
    const up = (schema: Schema) => {
      schema.createTable(long, { id: { type, primaryKey: true }, kind: { type: DataTypes.ENUM('a', 'b') } });
      schema.addIndex(long, ['kind']);
      schema.addIndex(long, [fn('abs', col('id'))], { name: 'by_size' });
    };
    const schema = await migrations.convergesThereAndBack('', { name: 'one.js', up });
    expect(schema).toContain(`CREATE INDEX ${long}_ki ON ${SCHEMA}.${long} USING btree (kind)`);
  });
});
