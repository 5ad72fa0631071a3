import { DataTypes, Deferrable, literal, Op, type Sequelize } from 'sequelize';
import { dropDatabases } from '../support/database';
import { comparedWithSync, SAME } from '../support/same-as-sync';

// What models can declare, beyond what most of them do: each makes what its `sync()` makes.

/** Of options that PostgreSQL has not, Sequelize warns each time. */
beforeAll(() => jest.spyOn(console, 'warn').mockImplementation());

afterAll(() => dropDatabases());
afterAll(() => jest.restoreAllMocks());

const KINDS: Record<string, (s: Sequelize) => void> = {
  'a model without a primary key': (s) => {
    const M = s.define('NoKey', { a: DataTypes.TEXT }, { timestamps: false });
    M.removeAttribute('id');
  },
  'hasMany and hasOne alone': (s) => {
    const A = s.define('A', {});
    const B = s.define('B', {}, { underscored: true });
    A.hasMany(B);
    A.hasOne(B, { as: 'main', foreignKey: { name: 'mainOf', allowNull: false } });
  },
  'join tables with and without a model, a key, and constraints': (s) => {
    const A = s.define('A', {});
    const B = s.define('B', {});
    A.belongsToMany(B, { through: { model: 'AB', unique: false }, timestamps: false });
    B.belongsToMany(A, { through: { model: 'AB', unique: false } });
    const J = s.define('J', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      n: DataTypes.INTEGER,
    });
    A.belongsToMany(B, { as: 'js', through: J, uniqueKey: 'my_custom_unique' });
    B.belongsToMany(A, { as: 'js', through: J });
    A.belongsToMany(B, {
      as: 'ks',
      through: 'KS',
      foreignKey: 'x',
      otherKey: 'y',
      onDelete: 'RESTRICT',
      constraints: false,
    });
  },
  'unique keys of attributes and of options': (s) => {
    const keys = { uniqueKeys: { e_f: { fields: ['e', 'f'] } } }; // Sequelize's types leave it out
    s.define(
      'U',
      {
        a: { type: DataTypes.TEXT, unique: { name: 'my_u', msg: 'no' } },
        b: { type: DataTypes.TEXT, field: 'bee', unique: 'x' },
        c: { type: DataTypes.TEXT, unique: 'x' },
        d: { type: DataTypes.TEXT, unique: true, field: 'dee' },
        e: DataTypes.TEXT,
        f: DataTypes.TEXT,
      },
      {
        ...keys,
        indexes: [
          { unique: true, fields: ['dee'] },
          { unique: true, fields: ['e'] },
        ],
      },
    );
  },
  'indexes with every option': (s) => {
    s.define(
      'I',
      {
        a: DataTypes.TEXT,
        b: DataTypes.INTEGER,
        c: DataTypes.JSONB,
        d: { type: DataTypes.TEXT, field: 'dee' },
        e: DataTypes.DATE,
      },
      {
        indexes: [
          { type: 'UNIQUE', fields: ['a', 'b'] },
          { name: 'h', using: 'HASH', fields: ['a'] },
          { name: 'br', using: 'BRIN', fields: ['e'] },
          { fields: ['b'], concurrently: true },
          {
            name: 'o',
            fields: [
              { name: 'b', order: 'DESC' },
              { name: 'a', order: 'ASC' },
            ],
          },
          { name: 'wh', fields: ['a'], where: { b: { [Op.between]: [1, 5] }, a: { [Op.in]: ['x', "y's"] } } },
          { name: 'wo', fields: ['a'], where: { [Op.or]: [{ b: 1 }, { b: null }] } },
          { name: 'li', fields: [literal("(c ->> 'k')")], unique: true },
          { name: 'fnn', fields: [s.fn('coalesce', s.col('a'), 'x'), 'b'] },
          { name: 'gin1', using: 'gin', fields: ['c'] },
          { name: 'wlit', fields: ['b'], where: literal('b > 3') },
          { name: 'nulls', fields: [literal('e DESC NULLS LAST')] },
        ],
      },
    );
  },
  'all forms of an enum': (s) => {
    s.define(
      'E',
      {
        a: { type: DataTypes.ENUM, values: ['x', 'y'], defaultValue: 'y' },
        b: { type: DataTypes.ENUM({ values: ['p', 'q'] }) },
        c: { type: DataTypes.ARRAY(DataTypes.ENUM({ values: ['m', 'n'] })), defaultValue: [] },
        d: { type: DataTypes.ENUM('A', 'B'), field: 'Dee', allowNull: false },
      },
      { tableName: 'Enums' },
    );
  },
  'types with options that PostgreSQL has not': (s) => {
    s.define(
      'T',
      {
        a: DataTypes.INTEGER.UNSIGNED,
        b: DataTypes.STRING(30).BINARY,
        c: DataTypes.TEXT('tiny'),
        d: DataTypes.BIGINT({ length: 20 }),
        e: DataTypes.DOUBLE(10, 2),
        f: DataTypes.DECIMAL(10),
        g: DataTypes.TIME,
        h: DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.INTEGER)),
        i: DataTypes.RANGE(DataTypes.DATE),
        j: DataTypes.ARRAY(DataTypes.JSONB),
        k: DataTypes.ARRAY(DataTypes.DATE),
        l: DataTypes.ARRAY(DataTypes.DECIMAL(5, 2)),
        m: DataTypes.CHAR,
        n: DataTypes.SMALLINT,
        o: 'timestamp without time zone',
        p: 'VARCHAR(7)',
        q: 'MONEY',
        r: DataTypes.BLOB('long'),
        u: DataTypes.REAL(5, 2),
      },
      { timestamps: false },
    );
  },
  'constants and expressions as defaults': (s) => {
    s.define('D', {
      a: { type: DataTypes.DATE, defaultValue: new Date('2020-01-01T00:00:00Z') },
      b: { type: DataTypes.BIGINT, defaultValue: '-5' },
      c: { type: DataTypes.RANGE(DataTypes.INTEGER), defaultValue: [1, 5] },
      d: { type: DataTypes.TIME, defaultValue: '10:00' },
      e: { type: DataTypes.BOOLEAN, defaultValue: 'false' },
      f: { type: DataTypes.INTEGER, defaultValue: '3' },
      g: { type: DataTypes.STRING, defaultValue: literal("'x' || 'y'") },
      h: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV1 },
      i: { type: DataTypes.UUID, defaultValue: s.fn('gen_random_uuid') },
      j: { type: DataTypes.JSONB, defaultValue: 'a string' },
      k: { type: DataTypes.JSONB, defaultValue: literal("'{}'::jsonb") },
      l: { type: DataTypes.TEXT, defaultValue: 'two\nlines \\ back' },
      m: { type: DataTypes.STRING, defaultValue: 0 },
      n: { type: DataTypes.DATE, defaultValue: literal('now()') },
      o: { type: DataTypes.JSONB, defaultValue: { n: 1.1, q: '"' } },
      p: { type: DataTypes.INET, defaultValue: '10.0.0.1' },
      q: { type: DataTypes.CHAR(3), defaultValue: 'ab' },
      r: { type: DataTypes.BLOB, defaultValue: Buffer.from('hi') },
      t: { type: DataTypes.ARRAY(DataTypes.INTEGER), defaultValue: [1, 2] },
      u: { type: DataTypes.DECIMAL(10, 2), defaultValue: '1.50' },
      v: { type: DataTypes.FLOAT, defaultValue: 1e21 },
    });
  },
  'keys of several columns, and references to a unique column': (s) => {
    s.define('K', {
      a: { type: DataTypes.INTEGER, primaryKey: true },
      b: { type: DataTypes.STRING, primaryKey: true, field: 'Bee' },
      n: { type: DataTypes.SMALLINT, autoIncrement: true, unique: true },
    });
    s.define('L', {
      id: { type: DataTypes.SMALLINT, primaryKey: true, autoIncrement: true },
      code: { type: DataTypes.TEXT, unique: true },
    });
    s.define('R', {
      l: {
        type: DataTypes.TEXT,
        references: { model: 'Ls', key: 'code' },
        onDelete: 'set null',
        onUpdate: 'no action',
      },
    });
  },
  'options that change names and columns': (s) => {
    s.define(
      'Thing',
      { someName: DataTypes.TEXT, otherName: { type: DataTypes.TEXT, field: 'Weird' } },
      {
        underscored: true,
        paranoid: true,
        deletedAt: 'goneAt',
        version: 'ver',
        createdAt: 'madeAt',
        freezeTableName: true,
        comment: "It's\n'quoted'",
        charset: 'utf8',
      },
    );
    s.define('thing2', { x: { type: DataTypes.TEXT, comment: 'a\nb' } }, { updatedAt: false });
  },
  'tables that refer to each other, and to themselves': (s) => {
    const A = s.define('A', {});
    const B = s.define('B', {});
    A.belongsTo(B, { as: 'one', foreignKey: 'bId' });
    B.belongsTo(A, { as: 'other', foreignKey: 'aId' });
    A.belongsTo(A, { as: 'p' });
  },
  'a deferrable foreign key': (s) => {
    s.define('P', {});
    s.define('C', {
      p: {
        type: DataTypes.INTEGER,
        references: { model: 'Ps', key: 'id', deferrable: new Deferrable.INITIALLY_DEFERRED() },
      },
    });
  },
};

it.each(Object.entries(KINDS))('%s', async (_, define) => {
  expect(await comparedWithSync(define)).toEqual(SAME);
});
