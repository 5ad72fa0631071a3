import { DataTypes, literal, Model, Op, type Sequelize } from 'sequelize';
import { createDatabase, dropDatabases } from '../support/database';
import { GeneratedProject, modelsOf } from '../support/from-models';
import { comparedWithSync, SAME } from '../support/same-as-sync';
import { schemaOf } from '../support/schema';

// The first migration of a project, generated from its models, makes what their `sync()` makes.

afterAll(() => dropDatabases());

function allTypes(sequelize: Sequelize): void {
  const types = {
    string: DataTypes.STRING,
    short: DataTypes.STRING(40),
    binary: DataTypes.STRING(20, true),
    char: DataTypes.CHAR(3),
    text: DataTypes.TEXT,
    search: DataTypes.TSVECTOR,
    small: DataTypes.SMALLINT,
    integer: DataTypes.INTEGER,
    big: DataTypes.BIGINT,
    float: DataTypes.FLOAT,
    shortFloat: DataTypes.FLOAT(11),
    real: DataTypes.REAL,
    double: DataTypes.DOUBLE,
    decimal: DataTypes.DECIMAL,
    price: DataTypes.DECIMAL(10, 2),
    boolean: DataTypes.BOOLEAN,
    time: DataTypes.TIME,
    date: DataTypes.DATE,
    precise: DataTypes.DATE(3),
    day: DataTypes.DATEONLY,
    json: DataTypes.JSON,
    jsonb: DataTypes.JSONB,
    blob: DataTypes.BLOB,
    uuid: DataTypes.UUID,
    inet: DataTypes.INET,
    cidr: DataTypes.CIDR,
    mac: DataTypes.MACADDR,
    numbers: DataTypes.RANGE(DataTypes.INTEGER),
    days: DataTypes.RANGE(DataTypes.DATEONLY),
    tags: DataTypes.ARRAY(DataTypes.TEXT),
    codes: DataTypes.ARRAY(DataTypes.STRING(5)),
    kind: DataTypes.ENUM('a', "it's", 'say "no"'),
    kinds: DataTypes.ARRAY(DataTypes.ENUM('x', 'y')),
    virtual: DataTypes.VIRTUAL,
    interval: 'interval',
    point: { type: 'point', allowNull: false },
  };
  sequelize.define('everything', types, { timestamps: false });
}

function defaults(sequelize: Sequelize): void {
  sequelize.define('Default', {
    id: { type: DataTypes.UUID, primaryKey: true, defaultValue: literal('gen_random_uuid()') },
    filledIn: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4 },
    text: { type: DataTypes.STRING, defaultValue: "it's" },
    empty: { type: DataTypes.TEXT, allowNull: false, defaultValue: '' },
    number: { type: DataTypes.INTEGER, defaultValue: -1 },
    price: { type: DataTypes.DECIMAL(10, 2), defaultValue: 1.5 },
    big: { type: DataTypes.BIGINT, defaultValue: 12 },
    float: { type: DataTypes.FLOAT, defaultValue: 0 },
    negative: { type: DataTypes.DOUBLE, allowNull: false, defaultValue: -1.5 },
    quoted: { type: DataTypes.DECIMAL(5, 1), defaultValue: '2' },
    yes: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
    json: { type: DataTypes.JSON, defaultValue: { a: [1, 'two'] } },
    jsonb: { type: DataTypes.JSONB, defaultValue: { b: { c: null } } },
    list: { type: DataTypes.JSONB, defaultValue: [] },
    tags: { type: DataTypes.ARRAY(DataTypes.TEXT), defaultValue: [] },
    codes: { type: DataTypes.ARRAY(DataTypes.STRING), defaultValue: ['a', 'b'] },
    kinds: { type: DataTypes.ARRAY(DataTypes.ENUM('x', 'y')), allowNull: false, defaultValue: ['y'] },
    kind: { type: DataTypes.ENUM('one', 'two'), defaultValue: 'two' },
    since: { type: DataTypes.DATE, defaultValue: sequelize.fn('now') },
    day: { type: DataTypes.DATEONLY, defaultValue: '2020-01-01' },
    later: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
    computed: { type: DataTypes.INTEGER, defaultValue: () => 7 },
    none: { type: DataTypes.TEXT, defaultValue: null },
  });
}

/** With the options that change names and columns. */
function blog(sequelize: Sequelize): void {
  const options = { underscored: true, paranoid: true };
  const User = sequelize.define('User', { email: { type: DataTypes.STRING, unique: true } }, options);
  const Post = sequelize.define(
    'Post',
    {
      title: { type: DataTypes.STRING, allowNull: false, comment: "The title, it's said" },
      slug: { type: DataTypes.STRING, unique: 'slug_of_author' },
      authorId: { type: DataTypes.INTEGER, unique: 'slug_of_author' },
      state: { type: DataTypes.ENUM('draft', 'live'), allowNull: false, defaultValue: 'draft' },
    },
    {
      ...options,
      version: true,
      comment: 'What was written',
      indexes: [
        { fields: ['title'] },
        { unique: true, fields: ['slug', 'state'] },
        { name: 'posts_live', fields: ['title'], where: { state: 'live' } },
        {
          name: 'posts_old',
          fields: [{ name: 'created_at', order: 'DESC' }],
          where: { version: { [Op.gt]: 3 } },
        },
        { name: 'posts_lower', fields: [sequelize.fn('lower', sequelize.col('title'))] },
        { name: 'posts_pattern', fields: [{ name: 'title', operator: 'text_pattern_ops', collate: 'C' }] },
        { name: 'posts_gin', using: 'gin', fields: ['meta'], operator: 'jsonb_path_ops' },
      ],
    },
  );
  Post.init(
    { ...Post.getAttributes(), meta: { type: DataTypes.JSONB } },
    { ...Post.options, sequelize, modelName: 'Post' },
  );
  const Tag = sequelize.define('Tag', { name: DataTypes.STRING }, { underscored: true, timestamps: false });
  User.hasMany(Post, { foreignKey: 'authorId', onDelete: 'RESTRICT' });
  Post.belongsTo(User, { as: 'author', foreignKey: 'authorId' });
  Post.belongsToMany(Tag, { through: 'PostTags' });
  Tag.belongsToMany(Post, { through: 'PostTags' });
  User.belongsToMany(User, { as: 'friends', through: 'friendships', foreignKey: 'one', otherKey: 'other' });
  Post.hasOne(Post, { as: 'sequel', foreignKey: 'prequelId', constraints: false });
}

/** Classes, a key that is no id, a table that refers to itself, and a circle. */
function company(sequelize: Sequelize): void {
  class Employee extends Model {}
  class Department extends Model {}
  Employee.init(
    { number: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true }, name: DataTypes.TEXT },
    { sequelize, tableName: 'employees', createdAt: 'hired', updatedAt: false },
  );
  Department.init(
    {
      code: { type: DataTypes.STRING(8), primaryKey: true },
      headId: { type: DataTypes.BIGINT, field: 'head' },
    },
    { sequelize, freezeTableName: true, timestamps: false },
  );
  Employee.belongsTo(Employee, { as: 'manager', foreignKey: { name: 'managerId', field: 'manager' } });
  Employee.belongsTo(Department, {
    foreignKey: { name: 'department', allowNull: false },
    onUpdate: 'NO ACTION',
  });
  Department.belongsTo(Employee, { as: 'head', foreignKey: 'headId' });
  sequelize.define('Identity', {
    id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true, autoIncrementIdentity: true },
    a: { type: DataTypes.INTEGER, allowNull: false },
  });
}

/** A join table that has a model: its unique constraint would be on the columns of its key. */
function members(sequelize: Sequelize): void {
  const Group = sequelize.define('Group', { name: DataTypes.TEXT });
  const Person = sequelize.define('Person', { name: DataTypes.TEXT });
  const key = { type: DataTypes.INTEGER, primaryKey: true };
  const Member = sequelize.define('Member', {
    groupId: { ...key },
    personId: { ...key },
    role: DataTypes.TEXT,
  });
  Group.belongsToMany(Person, { through: Member, foreignKey: 'groupId', otherKey: 'personId' });
  Person.belongsToMany(Group, { through: Member, foreignKey: 'personId', otherKey: 'groupId' });
  const Visit = sequelize.define('Visit', { at: DataTypes.DATE });
  Group.belongsToMany(Person, { as: 'visitors', through: Visit, foreignKey: 'groupId' });
}

/** Names that are cut, and names that have to be quoted. */
function strangeNames(sequelize: Sequelize): void {
  const long = 'a_name_that_is_rather_long_and_goes_on_and_on';
  sequelize.define(
    'Order',
    {
      select: { type: DataTypes.INTEGER, unique: true },
      'the Odd one': DataTypes.TEXT,
      [long]: { type: DataTypes.ENUM('a'), unique: 'both' },
      [`${long}_2`]: { type: DataTypes.TEXT, unique: 'both' },
    },
    {
      tableName: 'order of things',
      indexes: [{ fields: [long, `${long}_2`] }, { fields: ['the Odd one'] }],
    },
  );
}

describe.each([
  ['all types', allTypes],
  ['defaults', defaults],
  ['a blog', blog],
  ['a company', company],
  ['members', members],
  ['strange names', strangeNames],
])('of %s', (_, define) => {
  it('makes what sync() makes, and nothing is left to generate', async () => {
    expect(await comparedWithSync(define)).toEqual(SAME);
  });
});

it('models of one table declare it together, with the key of the first', async () => {
  const database = await createDatabase();
  const project = new GeneratedProject();
  await project.generate(
    modelsOf((sequelize) => {
      const options = { tableName: 'actions', timestamps: false };
      sequelize.define('Action', { what: DataTypes.TEXT }, options);
      sequelize.define(
        'Target',
        { what: DataTypes.TEXT, target: { type: DataTypes.UUID, primaryKey: true } },
        options,
      );
    }),
  );
  await project.migrate(database);
  const columns = (await schemaOf(database)).filter((line) =>
    /^actions (id|what|target|actions_pkey) /.test(line),
  );
  expect(columns).toEqual([
    'actions actions_pkey PRIMARY KEY (id)',
    "actions id integer not null default nextval('actions_id_seq'::regclass)",
    'actions target uuid',
    'actions what text',
  ]);
});
