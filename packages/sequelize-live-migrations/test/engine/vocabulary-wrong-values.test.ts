import { DataTypes } from 'sequelize';
import { migration } from '../../src/migration';
import { declare } from '../support/declare';

// What JavaScript may give, and no compiler has checked, is refused in words, and never by a TypeError.

const type = DataTypes.INTEGER;
const cyclic: { itself?: unknown } = {};
cyclic.itself = cyclic;

const WRONG: [string, unknown][] = [
  ['null', null],
  ['an empty text', ''],
  ['0', 0],
  ['NaN', NaN],
  ['a bigint', 1n],
  ['true', true],
  ['an object', {}],
  ['[null]', [null]],
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['a date', new Date(0)],
  ['a class', Map],
  ['a promise', Promise.resolve()],
  ['an object of no class', Object.create(null)],
  ['an object that contains itself', cyclic],
];

const POSITIONS: [string, RegExp, (wrong: unknown) => ReturnType<typeof declare>][] = [
  [
    'indexes',
    /createTable of pets/,
    (indexes) => declare('createTable', 'pets', { id: { type } }, { indexes }),
  ],
  ['a type', /addColumn of pets\.age/, (wrong) => declare('addColumn', 'pets', 'age', { type: wrong })],
  ['a column', /addColumn of pets/, (wrong) => declare('addColumn', 'pets', wrong, { type })],
  ['attributes', /changeColumn of pets\.age/, (wrong) => declare('changeColumn', 'pets', 'age', wrong)],
  ['a new table', /renameTable/, (wrong) => declare('renameTable', 'pets', wrong)],
  ['a new column', /renameColumn/, (wrong) => declare('renameColumn', 'pets', 'age', wrong)],
  ['a new index', /renameIndex/, (wrong) => declare('renameIndex', 'pets', 'i', wrong)],
  ['a new label', /renameEnumValue/, (wrong) => declare('renameEnumValue', 'pets', 'kind', 'cat', wrong)],
  ['fields', /addIndex of pets/, (wrong) => declare('addIndex', 'pets', wrong)],
  ['using', /addIndex of pets: using/, (using) => declare('addIndex', 'pets', ['age'], { using })],
  [
    'operator',
    /addIndex of pets: operator/,
    (operator) => declare('addIndex', 'pets', ['age'], { operator }),
  ],
  ['the name of a field', /name of a field/, (name) => declare('addIndex', 'pets', [{ name }])],
  ['order', /order of a field/, (order) => declare('addIndex', 'pets', [{ name: 'age', order }])],
  ['collate', /collate of a field/, (collate) => declare('addIndex', 'pets', [{ name: 'age', collate }])],
  ['one more', /dropTable/, (wrong) => declare('dropTable', 'pets', { id: { type } }, {}, wrong)],
  ['SQL', /sql/, (up) => declare('sql', { up })],
];

const RAW = /is not a function|Cannot |not iterable|undefined \(reading|circular|BigInt|call stack/;

describe.each(POSITIONS)('in the place of %s', (_, method, of) => {
  it.each(WRONG)('%s is refused in words that name the method', (__, wrong) => {
    const declared = () => migration('one.js', { up: of(wrong) });
    expect(declared).toThrow(method);
    expect(declared).not.toThrow(RAW);
  });
});

it.each([
  ['where of addIndex', declare('addIndex', 'pets', ['age'], { where: cyclic })],
  ['a check', declare('addConstraint', 'pets', { type: 'check', name: 'c', where: { age: cyclic } })],
  ['where of bulkDelete', declare('bulkDelete', 'pets', { age: [cyclic] })],
  ['a value of bulkUpdate', declare('bulkUpdate', 'pets', { tags: cyclic }, { age: 1 })],
  ['a value of bulkInsert', declare('bulkInsert', 'pets', [{ id: 1, tags: cyclic }])],
])('what contains itself has no end, and is refused in %s', (_, up) => {
  expect(() => migration('one.js', { up })).toThrow(/(of|into) pets/);
});

it.each([
  declare('renameTable', 'pets', 'pets'),
  declare('renameColumn', 'pets', 'age', 'age'),
  declare('renameIndex', 'pets', 'i', 'i'),
  declare('renameEnumValue', 'pets', 'kind', 'cat', 'cat'),
])('a name that is the same is refused when it is declared', (up) => {
  expect(() => migration('one.js', { up })).toThrow(/the two names are the same, "/);
});

it.each([DataTypes.ENUM, DataTypes.ENUM(), DataTypes.ARRAY(DataTypes.ENUM())])(
  'an enum without labels is refused',
  (one) => {
    const up = declare('addColumn', 'pets', 'kind', { type: one });
    expect(() => migration('one.js', { up })).toThrow(/pets\.kind: an enum has labels: DataTypes\.ENUM/);
  },
);

it.each(['citext', type, DataTypes.STRING(3), DataTypes.ARRAY(DataTypes.ENUM('a')), DataTypes.UUID])(
  'a type that there is, is taken',
  (one) => {
    const up = declare('createTable', 'pets', { id: { type: one } }, { indexes: [{ fields: ['id'] }] });
    expect(() => migration('one.js', { up })).not.toThrow();
  },
);
