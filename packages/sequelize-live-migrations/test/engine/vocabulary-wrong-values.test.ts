import { runInNewContext } from 'node:vm';
import { col, DataTypes, fn, literal, Op, where as sequelizeWhere } from 'sequelize';
import { migration } from '../../src/migration';
import { declare } from '../support/declare';

// What JavaScript may give, and no compiler has checked, is refused in words, and never by a TypeError.

const type = DataTypes.INTEGER;
const cyclic: { itself?: unknown } = {};
cyclic.itself = cyclic;

const RAW = /is not a function|Cannot |not iterable|undefined \(reading|circular|BigInt|call stack/;

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

const age = { age: 1 };

/** What is no default, though some of these are values. */
const NO_DEFAULTS: [string, unknown][] = [
  ['a function', () => 1],
  ['a class', Map],
  ['DataTypes.NOW', DataTypes.NOW],
  ['fn()', fn('now')],
  ['a promise', Promise.resolve(1)],
  ['a symbol', Symbol('x')],
  ['a map', new Map()],
  ['an object of a class', new DataTypes.UUIDV4()],
  ['bytes', Buffer.from('a')],
  ['a date that is none', new Date(NaN)],
  ['an array with a function', [() => 1]],
  ['an object with nothing for a value', { a: undefined }],
  ['an object that contains itself', cyclic],
];

it.each(NO_DEFAULTS)('%s is no default, and refused with what to write', (_, defaultValue) => {
  for (const up of [
    declare('addColumn', 'pets', 'age', { type, defaultValue }),
    declare('createTable', 'pets', { age: { type, defaultValue } }),
  ]) {
    const declared = () => migration('one.js', { up });
    expect(declared).toThrow(/^one\.js: (addColumn|createTable) of pets\.age: .*literal\(/);
    expect(declared).not.toThrow(RAW);
  }
});

it('a default of bytes is refused with the SQL of these', () => {
  const up = declare('addColumn', 'pets', 'x', { type: DataTypes.BLOB, defaultValue: Buffer.from([1, 171]) });
  expect(() => migration('one.js', { up })).toThrow(`defaultValue: literal("'\\\\x01ab'")`);
});

it.each<[string, unknown]>([
  ['null', null],
  ['a text', ''],
  ['a number', NaN],
  ['a bigint', 1n],
  ['false', false],
  ['a date', new Date(0)],
  ['an object', { on: [true, null, { a: '' }] }],
  ['an array', [1, [2]]],
  ['SQL', literal('now()')],
])('%s is a default', (_, defaultValue) => {
  const up = declare('addColumn', 'pets', 'age', { type, defaultValue });
  expect(() => migration('one.js', { up })).not.toThrow();
});

const NO_CONDITIONS: [string, unknown][] = [
  ...WRONG,
  ['a list of nothing', []],
  ['a list with nothing in it', [age, null]],
  ['a list with an empty condition', [{}]],
  ['a list of texts', ['age > ?', 1]],
  ['a list of lists of nothing', [[null]]],
  ['nothing that is combined', { [Op.and]: null }],
  ['a combination with nothing', { [Op.or]: [age, null] }],
  ['a combination of nothing', { [Op.or]: [] }],
  ['the opposite of nothing', { [Op.not]: [{}] }],
  ['a function for a value', { age: () => 1 }],
  ['a promise for a value', { age: Promise.resolve(1) }],
  ['a map for a value', { age: { [Op.in]: new Map() } }],
];

describe.each<[string, (where: unknown) => ReturnType<typeof declare>]>([
  ['addIndex', (where) => declare('addIndex', 'pets', ['age'], { where })],
  ['a check', (where) => declare('addConstraint', 'pets', { type: 'check', name: 'c', where })],
  ['bulkDelete', (where) => declare('bulkDelete', 'pets', where)],
  ['bulkUpdate', (where) => declare('bulkUpdate', 'pets', { age: 2 }, where)],
])('as the condition of %s', (_, of) => {
  it.each(NO_CONDITIONS)('%s is refused, with one that is', (__, where) => {
    const declared = () => migration('one.js', { up: of(where) });
    expect(declared).toThrow(/of pets.*: where is a condition .*\{ age: 1 \}, or literal\(/);
    expect(declared).not.toThrow(RAW);
  });

  it.each<[string, unknown]>([
    ['a value', age],
    ['what another context has written', runInNewContext('({ age: [1], born: new Date(0) })')],
    ['a list of conditions', [age, [{ name: null }, literal('age > 0')]]],
    ['values', { age: [1, 2n], born: new Date(0), bytes: Buffer.from('a') }],
    ['combinations', { [Op.or]: [age, { [Op.not]: { age: { [Op.or]: [1, null] } } }] }],
    ['an operator with JSON', { tags: { [Op.contains]: {} } }],
    ['an expression', { age: { [Op.gt]: col('years') }, name: fn('lower', 'X') }],
    ['a comparison', sequelizeWhere(fn('lower', col('name')), 'rex')],
  ])('%s is taken', (__, where) => {
    expect(() => migration('one.js', { up: of(where) })).not.toThrow();
  });
});

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
