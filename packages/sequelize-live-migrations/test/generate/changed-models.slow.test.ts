import { DataTypes, Deferrable } from 'sequelize';
import {
  author,
  bookstore,
  type Change,
  differences,
  INDEXES,
  id,
  KINDS,
  lines,
  title,
  useBookstore,
} from '../support/bookstore';
import { modelsOf } from '../support/from-models';
import { schemaOf } from '../support/schema';

// A model changes, and the migration for that is generated: what it says, and that it does it on a table with rows.

const store = useBookstore();

/** Whether a line of a schema is of something that is not kept aside. */
const isInUse = (line: string) => !/undone_|sequence shelves/.test(line);

const later = (deferrable: unknown) => ({ ...author.references, deferrable });

describe('a change of a model becomes a migration that runs on rows, is undone, and leaves nothing to generate', () => {
  it.each<[string, Change, string[]]>([
    [
      'a column more',
      { columns: { isbn: DataTypes.STRING } },
      ["schema.addColumn('books', 'isbn', { type: DataTypes.STRING });"],
    ],
    [
      'one that is not null, with a default',
      { columns: { stock: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 } } },
      ["schema.addColumn('books', 'stock', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 });"],
    ],
    [
      'a column less',
      { without: ['pages'] },
      [
        'REMOVES books.pages, which no model declares. Its values are kept aside, and an undo restores them.',
        "schema.removeColumn('books', 'pages', { type: DataTypes.INTEGER });",
      ].map((line) => (line.startsWith('schema') ? line : `// ${line}`)),
    ],
    [
      'nulls that are accepted',
      { columns: { title: { type: DataTypes.STRING(100) } } },
      ["schema.changeColumn('books', 'title', { type: DataTypes.STRING(100) });"],
    ],
    [
      'another default',
      { columns: { pages: { type: DataTypes.INTEGER, defaultValue: 7 } } },
      ["schema.changeColumn('books', 'pages', { type: DataTypes.INTEGER, defaultValue: 7 });"],
    ],
    [
      'no default',
      { columns: { kind: { type: DataTypes.ENUM(...KINDS), allowNull: false } } },
      ["schema.changeColumn('books', 'kind', { type: DataTypes.ENUM('novel', 'atlas'), allowNull: false });"],
    ],
    [
      'a unique attribute',
      { columns: { title: { ...title, unique: true } } },
      [
        '// books_title_key: rows with equal values stop this before anything is done, with the query for them.',
        "schema.addConstraint('books', { type: 'unique', name: 'books_title_key', fields: ['title'] });",
      ],
    ],
    [
      'a number of a larger range',
      { columns: { pages: { type: DataTypes.BIGINT } } },
      [
        '// books.pages becomes bigint: the first statement prepares that, and the second one makes the change,',
        '// briefly. node-postgres returns bigint and numeric as strings: where the previous release cannot read',
        '// that, move the second one into a migration of its own, for later.',
        "schema.changeColumn('books', 'pages', { type: DataTypes.BIGINT }, { overlap: true });",
        "schema.changeColumn('books', 'pages', { type: DataTypes.BIGINT });",
      ],
    ],
    [
      'an index more, with conditions and an order',
      {
        options: {
          indexes: [
            ...INDEXES,
            { name: 'thick', fields: [{ name: 'pages', order: 'DESC' }], where: { kind: 'novel' } },
          ],
        },
      },
      [
        'schema.addIndex(',
        "'books',",
        "[{ name: 'pages', order: 'DESC' }],",
        "{ name: 'thick', where: literal(\"(kind = 'novel'::enum_books_kind)\") },",
        ');',
      ],
    ],
    [
      'an index less',
      { options: { indexes: INDEXES.slice(0, 1) } },
      [
        '// REMOVES the index by_pages of books, btree (pages). No model declares it.',
        "schema.removeIndex('books', ['pages'], { name: 'by_pages' });",
      ],
    ],
    [
      'another index of the same name',
      { options: { indexes: [...INDEXES.slice(0, 1), { name: 'by_pages', fields: ['pages', 'title'] }] } },
      [
        '// REMOVES the index by_pages of books, btree (pages). The models declare another one of this name.',
        "schema.removeIndex('books', ['pages'], { name: 'by_pages' });",
        "schema.addIndex('books', ['pages', 'title'], { name: 'by_pages' });",
      ],
    ],
    [
      'an index of another name',
      { options: { indexes: [...INDEXES.slice(0, 1), { name: 'pages_of_books', fields: ['pages'] }] } },
      ["schema.renameIndex('books', 'by_pages', 'pages_of_books');"],
    ],
    [
      'a foreign key that acts otherwise',
      { columns: { author: { ...author, onDelete: 'CASCADE' } } },
      [
        "schema.addConstraint('books', {",
        "type: 'foreign key',",
        "name: 'books_author_fkey',",
        "fields: ['author'],",
        "references: { table: 'authors', field: 'id' },",
        "onDelete: 'CASCADE',",
        '});',
      ],
    ],
    [
      'a foreign key that is checked at the end of the transaction',
      { columns: { author: { ...author, references: later(Deferrable.INITIALLY_DEFERRED()) } } },
      [
        'schema.sql({',
        `up: 'ALTER TABLE "books" ALTER CONSTRAINT "books_author_fkey" DEFERRABLE INITIALLY DEFERRED',`,
        `down: 'ALTER TABLE IF EXISTS "books" ALTER CONSTRAINT "books_author_fkey" NOT DEFERRABLE',`,
        `unless: 'SELECT FROM pg_constraint WHERE conrelid = to_regclass(\\'"books"\\') AND conname = \\'books_author_fkey\\' AND condeferrable AND condeferred',`,
        '});',
      ],
    ],
    [
      'no foreign key',
      { columns: { author: { type: DataTypes.INTEGER } } },
      [
        '// REMOVES the foreign key (author) to authors (id) on update NO ACTION on delete SET NULL of books, which',
        '// no model declares.',
        "schema.removeConstraint('books', {",
        "type: 'foreign key',",
        "name: 'books_author_fkey',",
        "fields: ['author'],",
        "references: { table: 'authors', field: 'id' },",
        "onDelete: 'SET NULL',",
        '});',
      ],
    ],
    [
      'a table more, and a column that refers to it',
      {
        columns: { shelf: { type: DataTypes.INTEGER, references: { model: 'shelves', key: 'id' } } },
        more: (sequelize) =>
          sequelize.define(
            'Shelf',
            { id, books: DataTypes.INTEGER },
            { tableName: 'shelves', timestamps: false },
          ),
      },
      [
        "schema.createTable('shelves', {",
        'id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },',
        'books: { type: DataTypes.INTEGER },',
        '});',
        "schema.addColumn('books', 'shelf', {",
        'type: DataTypes.INTEGER,',
        "references: { model: 'shelves', key: 'id' },",
        '});',
      ],
    ],
  ])('%s', async (_, change, expected) => {
    const project = store.project;
    const define = bookstore(change);
    const database = await store.database();
    const schema = await schemaOf(database);
    expect(lines(await project.generate(modelsOf(define)))).toEqual(expected);
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
    expect(await project.stepsLeft(database)).toEqual([]);
    expect((await project.difference(modelsOf(define))).proposals).toEqual([]);
    await project.undo(database);
    expect((await schemaOf(database)).filter(isInUse)).toEqual(schema);
    expect(await database.query('SELECT count(*)::int FROM books')).toEqual([{ count: 5 }]);
  });
});

it('when a foreign key is checked is changed each time the models say so, also when it acts otherwise', async () => {
  const { project } = store;
  const database = await store.database();
  const modes = () =>
    database.query(
      "SELECT condeferrable, condeferred, confdeltype FROM pg_constraint WHERE conname = 'books_author_fkey'",
    );
  const release = async (columns: object) => {
    const define = bookstore({ columns: { author: { ...author, ...columns } } });
    await project.generate(modelsOf(define));
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
    expect((await project.difference(modelsOf(define))).proposals).toEqual([]);
    return modes();
  };
  const deferred = later(Deferrable.INITIALLY_DEFERRED());
  const expected = { condeferrable: true, condeferred: true, confdeltype: 'c' };
  expect(await release({ references: deferred, onDelete: 'CASCADE' })).toEqual([expected]);
  expect(await release({ references: deferred })).toEqual([{ ...expected, confdeltype: 'n' }]);
  await project.undo(database);
  expect(await modes()).toEqual([expected]);
  await project.migrate(database);
  const immediate = await release({ references: later(Deferrable.INITIALLY_IMMEDIATE()) });
  expect(immediate).toEqual([{ condeferrable: true, condeferred: false, confdeltype: 'n' }]);
  expect(await release({})).toEqual([{ condeferrable: false, condeferred: false, confdeltype: 'n' }]);
});

it('a unique attribute that is one no more; a constraint stays to which a foreign key of any table refers', async () => {
  const { project } = store;
  const database = await store.database();
  const release = async (change: Change) => {
    const define = bookstore(change);
    const generated = lines(await project.generate(modelsOf(define)));
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
    expect((await project.difference(modelsOf(define))).proposals).toEqual([]);
    return generated;
  };
  await release({ columns: { title: { ...title, unique: true } } });
  expect(await differences(database, bookstore({}))).toEqual([
    'table books: expected nothing, found constraint books_title_key UNIQUE (title)',
  ]);
  expect(await release({})).toEqual([
    '// REMOVES the unique constraint books_title_key of books, which no model declares.',
    "schema.removeConstraint('books', { type: 'unique', name: 'books_title_key', fields: ['title'] });",
  ]);
  await release({ columns: { title: { ...title, unique: true } } });
  project.add(`schema.sql({
    up: 'CREATE TABLE reviews (book varchar REFERENCES books (title))',
    down: 'DROP TABLE reviews',
  });`);
  await project.migrate(database);
  expect(await release({})).toEqual(['']);
});
