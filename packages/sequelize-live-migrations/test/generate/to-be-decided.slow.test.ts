import { DataTypes, type Sequelize } from 'sequelize';
import { LEFT_OPEN } from '../../src/generate/questions';
import {
  BOOK,
  bookstore,
  type Change,
  copyOf,
  differences,
  id,
  INDEXES,
  kind,
  KINDS,
  lines,
  useBookstore,
} from '../support/bookstore';
import { modelsOf } from '../support/from-models';
import { schemaOf } from '../support/schema';

// What models do not say: what an undo leaves, which value rows get, what is refused on rows, what has another name.

const store = useBookstore();

describe('of what an undo leaves', () => {
  it.each<[string, Change, string]>([
    [
      'a longer type',
      { columns: { title: { type: DataTypes.TEXT, allowNull: false } } },
      "schema.changeColumn('books', 'title', { type: DataTypes.TEXT, allowNull: false });",
    ],
    [
      'a label in the middle, and one at the end',
      { columns: { kind: { ...kind, type: DataTypes.ENUM('novel', 'comic', 'atlas', 'map') } } },
      "type: DataTypes.ENUM('novel', 'comic', 'atlas', 'map'),",
    ],
    [
      'a label that is the default as well',
      { columns: { kind: { ...kind, type: DataTypes.ENUM(...KINDS, 'map'), defaultValue: 'map' } } },
      "defaultValue: 'map',",
    ],
    ['a comment', { columns: { pages: { type: DataTypes.INTEGER, comment: "It's many" } } }, '"It\'s many"'],
    [
      'a comment on the table',
      { options: { indexes: INDEXES, comment: 'All' } },
      "up: 'COMMENT ON TABLE \"books\" IS \\'All\\''",
    ],
  ])('%s', async (_, change, expected) => {
    const project = store.project;
    const define = bookstore(change);
    const database = await store.database();
    expect(await project.generate(modelsOf(define))).toContain(expected);
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
    expect(await project.stepsLeft(database)).toEqual([]);
    expect((await project.difference(modelsOf(define))).proposals).toEqual([]);
    await project.undo(database);
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
  });
});

describe('a column that went and one that came are one where that is the answer', () => {
  it('of an enum, too, whose type keeps its name', async () => {
    const project = store.project;
    const define = bookstore({
      columns: { sort: { ...kind, type: DataTypes.ENUM(...KINDS, 'map') } },
      without: ['kind'],
    });
    const same = bookstore({ columns: { sort: kind }, without: ['kind'] });
    const answers = { ...LEFT_OPEN, isRename: () => Promise.resolve(true) };
    expect(lines(await project.generate(modelsOf(same), answers))).toEqual([
      "schema.renameColumn('books', 'kind', 'sort');",
    ]);
    const database = await store.database();
    await project.migrate(database);
    expect(await differences(database, same)).toEqual([]);
    await project.generate(modelsOf(define));
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
  });

  it('may be a table that has another name', async () => {
    const define = (sequelize: Sequelize) => {
      const plain = { timestamps: false };
      sequelize.define('Author', copyOf({ id, name: DataTypes.TEXT }), { ...plain, tableName: 'authors' });
      sequelize.define('Book', copyOf(BOOK), {
        ...plain,
        tableName: 'works',
        indexes: structuredClone(INDEXES),
      });
    };
    const open = await store.project.generate(modelsOf(define));
    expect(open).toContain("// schema.renameTable('books', 'works');");
    const project = store.project;
    const statements = await project.generate(modelsOf(define), {
      ...LEFT_OPEN,
      isRename: () => Promise.resolve(true),
    });
    expect(lines(statements)).toEqual([
      "schema.renameTable('books', 'works');",
      "schema.renameIndex('works', 'books_title', 'works_title');",
    ]);
    const database = await store.database();
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
    expect((await project.difference(modelsOf(define))).proposals).toEqual([]);
  });
});

it('says that nulls stop a column from becoming not null, and what to write then', async () => {
  const project = store.project;
  const models = modelsOf(bookstore({ columns: { pages: { type: DataTypes.INTEGER, allowNull: false } } }));
  const statements = await project.generate(models);
  expect(statements).toContain("backfill: literal('an SQL expression over the row')");
  const database = await store.database();
  await database.query('UPDATE books SET pages = NULL WHERE id = 1');
  await expect(project.migrate(database)).rejects.toThrow('nulls, and neither a default nor a backfill');
  await database.query('UPDATE books SET pages = 1 WHERE id = 1');
  await project.migrate(database);
});

describe('does not write what would be refused, and says why', () => {
  it.each<[string, Change, string[]]>([
    [
      'a label less',
      { columns: { kind: { ...kind, type: DataTypes.ENUM('novel') } } },
      ['NOT REMOVED: atlas of the labels of books.kind'],
    ],
    [
      'labels in another order',
      { columns: { kind: { ...kind, type: DataTypes.ENUM('atlas', 'novel') } } },
      ['The labels of books.kind are in another order. PostgreSQL moves none'],
    ],
    [
      'a shorter type',
      { columns: { title: { type: DataTypes.STRING(10), allowNull: false } } },
      ['NOT WRITTEN', 'check the length instead', "// schema.changeColumn('books', 'title'"],
    ],
  ])('%s', async (_, change, expected) => {
    const project = store.project;
    const statements = await project.generate(modelsOf(bookstore(change)));
    for (const part of expected) expect(statements.replaceAll(/\n *\/\/ /g, ' // ')).toContain(part);
    expect(lines(statements).filter((line) => !line.startsWith('//'))).toEqual([]);
  });
});

describe('a column that went and one that came', () => {
  const length = { columns: { length: { type: DataTypes.INTEGER } }, without: ['pages'] };

  it('are one where that is the answer, with its index', async () => {
    const project = store.project;
    const options = { indexes: [{ fields: ['title'] }, { fields: ['length'] }] };
    const define = bookstore({ ...length, options });
    const statements = await project.generate(modelsOf(define), {
      ...LEFT_OPEN,
      isRename: () => Promise.resolve(true),
    });
    expect(lines(statements)).toEqual([
      "schema.renameColumn('books', 'pages', 'length');",
      "schema.renameIndex('books', 'by_pages', 'books_length');",
    ]);
    const database = await store.database();
    const schema = await schemaOf(database);
    await project.migrate(database);
    expect(await differences(database, define)).toEqual([]);
    expect((await project.difference(modelsOf(define))).proposals).toEqual([]);
    await project.undo(database);
    expect(await schemaOf(database)).toEqual(schema);
  });
});
