import { DataTypes, literal, type Sequelize } from 'sequelize';
import { LEFT_OPEN } from '../../src/generate/questions';
import {
  author,
  bookstore,
  type Change,
  copyOf,
  id,
  INDEXES,
  lines,
  useBookstore,
} from '../support/bookstore';
import { modelsOf } from '../support/from-models';

// What models do not say: which value rows get, what is refused on rows, what has another name. More of these are in
// to-be-decided.slow.test.ts.

const store = useBookstore();

it('asks for the value of a column that is not null and has no default, and otherwise leaves it open', async () => {
  const project = store.project;
  const models = modelsOf(bookstore({ columns: { isbn: { type: DataTypes.TEXT, allowNull: false } } }));
  const open = await project.generate(models);
  expect(open).toContain('// TO BE DECIDED: books.isbn is not null and has no default.');
  expect(open).toContain("{ type: DataTypes.TEXT, allowNull: false, backfill: literal('…') }");
  const database = await store.database();
  await expect(project.migrate(database)).rejects.toThrow('…');

  const answered = store.project;
  const backfillOf = () => Promise.resolve("'ISBN ' || id");
  await answered.generate(models, { ...LEFT_OPEN, backfillOf });
  await answered.migrate(database);
  expect(await database.query('SELECT isbn FROM books WHERE id = 3')).toEqual([{ isbn: 'ISBN 3' }]);
});

describe('does not write what would be refused, and says why', () => {
  it.each<[string, Change, string[]]>([
    [
      'a type for which all rows would be written',
      { columns: { pages: { type: DataTypes.TEXT } } },
      [
        'NOT WRITTEN',
        'PostgreSQL would read or write the whole table',
        "// schema.changeColumn('books', 'pages'",
      ],
    ],
  ])('%s', async (_, change, expected) => {
    const project = store.project;
    const statements = await project.generate(modelsOf(bookstore(change)));
    for (const part of expected) expect(statements.replaceAll(/\n *\/\/ /g, ' // ')).toContain(part);
    expect(lines(statements).filter((line) => !line.startsWith('//'))).toEqual([]);
  });

  it('a table that no model declares is named, and what would remove it', async () => {
    const define = (sequelize: Sequelize) =>
      sequelize.define('Author', copyOf({ id, name: DataTypes.TEXT }), {
        tableName: 'authors',
        timestamps: false,
      });
    const { proposals, undeclared } = await store.project.difference(modelsOf(define));
    expect(proposals).toEqual([]);
    expect(undeclared).toEqual([
      expect.objectContaining({
        up: [],
        notes: [expect.stringMatching(/^NOT REMOVED: the table books, .*:$/)],
      }),
    ]);
  });
});

describe('a column that went and one that came', () => {
  const length = { columns: { length: { type: DataTypes.INTEGER } }, without: ['pages'] };

  it('are written as two, with the rename as a comment, where nobody can be asked', async () => {
    const statements = await store.project.generate(modelsOf(bookstore(length)));
    expect(lines(statements)).toEqual([
      '// If books.length is pages under another name, write this in place of its removal and of its creation:',
      "// schema.renameColumn('books', 'pages', 'length');",
      "schema.addColumn('books', 'length', { type: DataTypes.INTEGER });",
      '// REMOVES books.pages, which no model declares. Its values are kept aside, and an undo restores them.',
      "schema.removeColumn('books', 'pages', { type: DataTypes.INTEGER });",
    ]);
  });
});

it('says which locks it takes on rows, and what the previous release notices, from the plan', async () => {
  const { locks, previousRelease } = await store.project.difference(
    modelsOf(
      bookstore({
        columns: {
          isbn: { type: DataTypes.UUID, allowNull: false, defaultValue: literal('gen_random_uuid()') },
          author: { ...author, onDelete: 'CASCADE' },
        },
        options: { indexes: [...INDEXES, { fields: ['isbn'] }] },
        without: ['kind'],
      }),
    ),
  );
  expect(locks).toBe(
    'Locks: ACCESS EXCLUSIVE on books and authors and SHARE ROW EXCLUSIVE on books and authors, briefly. What takes long ' +
      'blocks neither reads nor writes: indexes are built concurrently, rows are filled in batches and constraints are validated.',
  );
  expect(previousRelease).toBe(
    'The previous release: has to be one that does not use books.kind; can write no row into books that ' +
      'books_author_fkey does not accept.',
  );
});
