import { DataTypes, type Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { lines } from '../support/bookstore';
import { createDatabase, dropDatabases } from '../support/database';
import { GeneratedProject, modelsOf } from '../support/from-models';
import { SCHEMA, schemaOf } from '../support/schema';
import { syncModels } from '../support/sync';

// Models whose tables are in several schemas: a migration for each, and one for the keys between them.

afterAll(() => dropDatabases());

interface Release {
  readonly events?: object;
  readonly pets?: object;
  readonly onDelete?: string;
  readonly comment?: string;
}

const pets = { model: 'pets', key: 'id' };
const events = { model: { tableName: 'events', schema: 'audit' }, key: 'id' };
const places = { model: { tableName: 'user', schema: 'The Places' }, key: 'id' };

/** Each schema refers to another one, in a circle; names are quoted, keywords, or those of another schema, too. */
const release =
  ({
    events: moreOfEvents = {},
    pets: moreOfPets = {},
    onDelete = 'SET NULL',
    comment = 'All',
  }: Release = {}) =>
  (sequelize: Sequelize) => {
    const options = { timestamps: false };
    const reference = { type: DataTypes.INTEGER };
    sequelize.define(
      'Pet',
      { name: DataTypes.TEXT, home: { ...reference, references: { ...places } }, ...moreOfPets },
      { ...options, tableName: 'pets' },
    );
    sequelize.define(
      'Event',
      {
        kind: DataTypes.ENUM('in', 'out'),
        pet: { ...reference, references: { ...pets, model: { tableName: 'pets' } }, onDelete },
        cause: { ...reference, references: { ...events } },
        ...moreOfEvents,
      },
      { ...options, tableName: 'events', schema: 'audit', comment, indexes: [{ fields: ['kind'] }] },
    );
    sequelize.define('OwnPet', { name: DataTypes.TEXT }, { ...options, tableName: 'pets', schema: 'audit' });
    sequelize.define(
      'Place',
      { select: DataTypes.TEXT, since: { ...reference, references: { ...events } } },
      { ...options, tableName: 'user', schema: 'The Places' },
    );
  };

/** One in which the first migrations have run, and how many these are. */
async function withFirstRelease() {
  const project = new GeneratedProject();
  const written = await project.generateEach(modelsOf(release()));
  const database = await createDatabase();
  await project.runFrom(database, 0, 'up');
  return { project, written, database, count: project.migrations.length };
}

it('the first migrations make the schemas, the tables of each, and the keys between them, as sync() does', async () => {
  const { project, written, database } = await withFirstRelease();
  expect(Object.keys(written)).toEqual(['schemas', '', 'audit', 'The Places', 'keys']);
  const synced = await createDatabase();
  await synced.query('CREATE SCHEMA audit; CREATE SCHEMA "The Places"');
  // Of tables that refer to each other in a circle, sync() would create the first before the one that it refers to.
  await syncModels(synced, release({ pets: { home: DataTypes.INTEGER } }));
  await synced.query('ALTER TABLE pets ADD FOREIGN KEY (home) REFERENCES "The Places"."user"');
  expect(await schemaOf(database)).toEqual(await schemaOf(synced));
  expect(await differencesFromModels(database.url, modelsOf(release()))).toEqual([]);
  expect(await project.generateEach(modelsOf(release()))).toEqual({});
  const repeated = await project.runFrom(synced, 0, 'up');
  expect(repeated).toEqual([expect.stringContaining('SCHEMA'), expect.stringContaining('SCHEMA')]);
});

it.each<[string, Release, Record<string, string[]>]>([
  [
    'a column more that refers to another schema: its key is validated by itself',
    { pets: { seen: { type: DataTypes.INTEGER, references: { ...events } } } },
    {
      '': ["schema.addColumn('pets', 'seen', { type: DataTypes.INTEGER });"],
      keys: [
        'schema.sql({',
        `up: 'ALTER TABLE "pets" ADD CONSTRAINT "pets_seen_fkey" FOREIGN KEY ("seen") REFERENCES audit.events ("id") ON UPDATE NO ACTION ON DELETE NO ACTION NOT VALID',`,
        `down: 'ALTER TABLE IF EXISTS "pets" DROP CONSTRAINT IF EXISTS "pets_seen_fkey"',`,
        `unless: 'SELECT FROM pg_constraint WHERE conrelid = to_regclass(\\'"pets"\\') AND contype = \\'f\\' AND conname = \\'pets_seen_fkey\\'',`,
        '});',
      ],
      validation: [
        '// foreign key (seen) to audit.events (id) on update NO ACTION on delete NO ACTION: orphaned rows of pets',
        '// stop this.',
        `schema.sql({ up: 'ALTER TABLE "pets" VALIDATE CONSTRAINT "pets_seen_fkey"', down: 'SELECT' });`,
      ],
    },
  ],
  [
    'changes of a table of another schema',
    { events: { kind: DataTypes.ENUM('in', 'gone', 'out'), note: DataTypes.TEXT } },
    {
      audit: [
        "schema.addColumn({ tableName: 'events', schema: 'audit' }, 'note', { type: DataTypes.TEXT });",
        'schema.changeColumn(',
        "{ tableName: 'events', schema: 'audit' },",
        "'kind',",
        "{ type: DataTypes.ENUM('in', 'gone', 'out') },",
        ');',
      ],
    },
  ],
  [
    'another comment of a table of another schema',
    { comment: 'Some' },
    {
      audit: [
        'schema.sql({',
        `up: 'COMMENT ON TABLE "audit"."events" IS \\'Some\\'',`,
        `down: 'COMMENT ON TABLE "audit"."events" IS \\'All\\'',`,
        '});',
      ],
    },
  ],
])('%s', async (_, change, expected) => {
  const { project, database, count } = await withFirstRelease();
  await database.query(
    `INSERT INTO pets DEFAULT VALUES; INSERT INTO audit.events (kind, pet) VALUES ('in', 1)`,
  );
  const before = await schemaOf(database);
  const written = await project.generateEach(modelsOf(release(change)));
  expect(Object.fromEntries(Object.entries(written).map(([of, text]) => [of, lines(text)]))).toEqual(
    expected,
  );
  await project.runFrom(database, count, 'up');
  expect(await differencesFromModels(database.url, modelsOf(release(change)))).toEqual([]);
  expect(await project.stepsLeft(database)).toEqual([]);
  expect(await project.generateEach(modelsOf(release(change)))).toEqual({});
  await project.runFrom(database, count, 'down');
  const isInUse = (line: string) => !/undone_|sequence | enum /.test(line);
  expect((await schemaOf(database)).filter(isInUse)).toEqual(before.filter(isInUse));
});

it('a key that acts otherwise, or is gone, is replaced or dropped, and its undo adds it for new rows', async () => {
  const { project, database, count } = await withFirstRelease();
  const cascading = modelsOf(release({ onDelete: 'CASCADE' }));
  const { keys = '', validation = '' } = await project.generateEach(cascading);
  expect(keys).toContain('DROP CONSTRAINT IF EXISTS "events_pet_fkey", ADD CONSTRAINT "events_pet_fkey"');
  expect(validation).toContain('VALIDATE CONSTRAINT "events_pet_fkey"');
  await project.runFrom(database, count, 'up');
  expect(await differencesFromModels(database.url, cascading)).toEqual([]);
  await project.runFrom(database, count, 'down');
  expect(await schemaOf(database)).toContainEqual(
    expect.stringMatching(/events_pet_fkey .*ON DELETE SET NULL NOT VALID/),
  );
  await project.runFrom(database, count, 'up');

  const second = project.migrations.length;
  const without = modelsOf(release({ events: { pet: DataTypes.INTEGER } }));
  const dropped = await project.generateEach(without);
  expect(dropped).toEqual({
    'removed-keys': expect.stringContaining(`// REMOVES the foreign key (pet) to ${SCHEMA}.pets (id)`),
  });
  await project.runFrom(database, second, 'up');
  expect(await differencesFromModels(database.url, without)).toEqual([]);
  expect(await project.generateEach(without)).toEqual({});
  await project.runFrom(database, second, 'down');
  expect(await schemaOf(database)).toContainEqual(
    expect.stringMatching(/events_pet_fkey .*ON DELETE CASCADE NOT VALID/),
  );
});

it.each([
  ['audit', ''],
  ['', 'audit'],
])(
  'a key of schema "%s" goes before the column of schema "%s" to which it refers, and an undo adds it after that',
  async (own, other) => {
    const inSchema = (schema: string) => (schema === '' ? {} : { schema });
    const code = { code: { type: DataTypes.INTEGER, unique: true } };
    const key = { references: { model: { tableName: 'parents', ...inSchema(other) }, key: 'code' } };
    const define = (more: object, reference: object) => (sequelize: Sequelize) => {
      const parents = { timestamps: false, tableName: 'parents', ...inSchema(other) };
      sequelize.define('Parent', { ...more }, parents);
      const parent = { type: DataTypes.INTEGER, ...reference };
      sequelize.define('Child', { parent }, { timestamps: false, tableName: 'children', ...inSchema(own) });
    };
    const project = new GeneratedProject();
    await project.generateEach(modelsOf(define(code, key)));
    const database = await createDatabase();
    await project.runFrom(database, 0, 'up');
    const count = project.migrations.length;
    const without = modelsOf(define({}, {}));
    expect(Object.keys(await project.generateEach(without))).toEqual(['removed-keys', other]);
    await project.runFrom(database, count, 'up');
    expect(await project.generateEach(without)).toEqual({});
    await project.runFrom(database, count, 'down');
    expect(await schemaOf(database)).toContainEqual(
      expect.stringMatching(
        /children_parent_fkey FOREIGN KEY \(parent\) REFERENCES .*parents\(code\) NOT VALID/,
      ),
    );
  },
);

it('a table of another schema without a model is named, also where no model is of that schema any more', async () => {
  const { project } = await withFirstRelease();
  const models = modelsOf((sequelize) => {
    sequelize.define(
      'Pet',
      { name: DataTypes.TEXT, home: DataTypes.INTEGER },
      { tableName: 'pets', timestamps: false },
    );
  });
  const differences = await project.differences(models);
  const said = differences.flatMap(({ of, undeclared }) =>
    undeclared.flatMap(({ notes }) => [`${String(of)}: ${String(notes)}`]),
  );
  expect(said).toEqual([
    expect.stringMatching(/^audit: NOT REMOVED: the table events, /),
    expect.stringMatching(/^audit: NOT REMOVED: the table pets, /),
    expect.stringMatching(/^The Places: NOT REMOVED: the table user, /),
  ]);
});

it('an association names a table of no schema by its name alone: it is that one, where there is no other of the name', async () => {
  const models = modelsOf((sequelize) => {
    const Pet = sequelize.define('Pet', {}, { timestamps: false });
    const Event = sequelize.define('Event', {}, { timestamps: false, schema: 'audit' });
    Event.belongsTo(Pet, { constraints: true });
  });
  const { keys } = await new GeneratedProject().generateEach(models);
  expect(keys).toContain('FOREIGN KEY ("PetId") REFERENCES "Pets" ("id")');
});

it('a model that names the schema of the migration log is one of those that name none', async () => {
  const written = await new GeneratedProject().generateEach(
    modelsOf((sequelize) => {
      const Pet = sequelize.define('Pet', {}, { timestamps: false, schema: SCHEMA });
      sequelize.define('Toy', {}, { timestamps: false }).belongsTo(Pet);
    }),
  );
  expect(Object.keys(written)).toEqual(['']);
  expect(written['']).toContain("references: { model: 'Pets', key: 'id' }");
});
