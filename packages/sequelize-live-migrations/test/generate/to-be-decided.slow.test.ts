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
