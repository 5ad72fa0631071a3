import { DataTypes, type ModelAttributes, type ModelOptions, type Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { createDatabase, dropDatabases, type TestDatabase } from './database';
import { GeneratedProject, modelsOf } from './from-models';

// Books and authors, whose models change.

export const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
export const title = { type: DataTypes.STRING(100), allowNull: false };
export const KINDS = ['novel', 'atlas'];
export const kind = { type: DataTypes.ENUM(...KINDS), allowNull: false, defaultValue: 'novel' };
export const author = {
  type: DataTypes.INTEGER,
  references: { model: 'authors', key: 'id' },
  onDelete: 'SET NULL',
};
export const BOOK: ModelAttributes = { id, title, kind, author, pages: { type: DataTypes.INTEGER } };

export interface Change {
  /** Columns in place of those of a book, or more of them. */
  readonly columns?: ModelAttributes;
  /** Columns that a book has no more. */
  readonly without?: readonly string[];
  readonly options?: ModelOptions;
  readonly more?: (sequelize: Sequelize) => void;
}

export const INDEXES = [{ fields: ['title'] }, { name: 'by_pages', fields: ['pages'] }];

export const bookstore =
  ({ columns = {}, without = [], options = {}, more = () => undefined }: Change = {}) =>
  (sequelize: Sequelize) => {
    const plain = { timestamps: false };
    sequelize.define('Author', copyOf({ id, name: DataTypes.TEXT }), { ...plain, tableName: 'authors' });
    const all = Object.entries({ ...BOOK, ...columns }).filter(([name]) => !without.includes(name));
    const indexes = INDEXES.filter(({ fields }) => !fields.some((field) => without.includes(field)));
    // Copies, since Sequelize completes what it is given.
    const bookOptions = structuredClone({ ...plain, tableName: 'books', indexes, ...options });
    sequelize.define('Book', copyOf(Object.fromEntries(all)), bookOptions);
    more(sequelize);
  };

export function copyOf(attributes: ModelAttributes): ModelAttributes {
  const copies = Object.entries(attributes).map(
    ([name, attribute]) => [name, typeof attribute === 'object' ? { ...attribute } : attribute] as const,
  );
  return Object.fromEntries(copies);
}

/** A project whose first migration makes the books, for a test file, and a database in which there are some. */
export class Bookstore {
  private opened: { before: GeneratedProject; withRows: TestDatabase } | undefined;

  /** A project with that migration. */
  get project(): GeneratedProject {
    return new GeneratedProject(this.its.before);
  }

  /** A database with five books. */
  database(): Promise<TestDatabase> {
    return createDatabase(this.its.withRows);
  }

  async open(): Promise<void> {
    const before = new GeneratedProject();
    await before.generate(modelsOf(bookstore()));
    const withRows = await before.migratedDatabase();
    await withRows.query(`INSERT INTO authors (name) VALUES ('Ann');
      INSERT INTO books (title, pages, author) SELECT 'Book ' || n, n, 1 FROM generate_series(1, 5) AS n`);
    this.opened = { before, withRows };
  }

  private get its() {
    if (!this.opened) throw new Error('The bookstore is not open.');
    return this.opened;
  }
}

/** One for a test file. */
export function useBookstore(): Bookstore {
  const store = new Bookstore();
  beforeAll(() => store.open());
  afterAll(() => dropDatabases());
  return store;
}

export const lines = (text: string) => text.split('\n').map((line) => line.trim());

/** What `check` says. */
export function differences(
  { url }: TestDatabase,
  define: (sequelize: Sequelize) => void,
): Promise<string[]> {
  return differencesFromModels(url, modelsOf(define));
}
