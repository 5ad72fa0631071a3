import { DataTypes } from 'sequelize';
import {
  bookstore,
  type Change,
  differences,
  INDEXES,
  kind,
  KINDS,
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
