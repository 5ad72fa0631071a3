import { type Query, searchPathSql, serverMessageOf, withTemporaryLastSql } from '../postgres';
import { liveCatalogSql, shadowCatalogSql } from './catalog-sql';
import { withKeptAside } from './kept-aside-names';
import type { Catalog, Place, Table } from './model';
import { enterSchema } from './place';
import { readCatalog } from './read';
import { placeholdersSql, shadowSql } from './shadow-sql';

/** The names of the tables and enum types that some migrations are about. */
export interface Subject {
  /** The tables that they change. */
  readonly tables: readonly string[];
  /** The tables that their foreign keys refer to. */
  readonly parents: readonly string[];
  readonly enums: readonly string[];
  /** The names of the migrations, which may have kept something aside. */
  readonly migrations: readonly string[];
}

/** What a migration declares, as statements on the shadows. */
export interface Declaration {
  readonly statements: readonly string[];
  /** The tables that they create. */
  readonly creates?: readonly string[];
  /** The tables that their foreign keys refer to, with the statement that creates one of each where there is none. */
  readonly parents: ReadonlyMap<string, string>;
}

/** The names that a live table and its columns had when the shadow was made, the columns by their number in that. */
interface Origin {
  readonly table: string;
  readonly columns: ReadonlyMap<number, string>;
}

/**
 * Empty temporary copies of the live tables, on which PostgreSQL itself shows what changes come to: they are made from
 * what the catalog prints, and whatever is done to them is printed again. So nothing of PostgreSQL has to be known here
 * a second time. For a transaction that is rolled back.
 *
 * Shadows are compared with shadows, never with live tables: PostgreSQL prints a definition that was restored from a dump
 * otherwise than the same one when it is new.
 */
export class Shadows {
  private readonly origins = new Map<string, Origin>();
  /** Stand for tables that are not inspected, so that foreign keys can refer to them. */
  private readonly placeholders = new Set<string>();
  /** Statements that are sent together with the next query. */
  private unsent: string[] = [];
  private current: Catalog | undefined;
  private isDeclaring = false;

  private constructor(
    private readonly query: Query,
    readonly place: Place,
    /** The live tables, as they were when the shadows were made. */
    readonly live: Catalog,
    /** The query that has read them, and the hash of its result: to check later that they are unchanged. */
    readonly seen: { readonly sql: string; readonly hash: string },
    private readonly statement: string,
  ) {}

  /**
   * Reads the live tables, and makes their shadows. The role has to own the tables, and may create temporary ones (which
   * PostgreSQL lets everybody do by default).
   *
   * @param query runs SQL in a transaction that will be rolled back
   */
  static async of(query: Query, subject: Subject): Promise<Shadows> {
    const changed = withKeptAside(subject.tables, subject.migrations);
    const tables = [...new Set([...changed, ...subject.parents])];
    const place = await enterSchema(query, tables);
    const sql = liveCatalogSql({ schema: place.schema, tables, enums: subject.enums });
    const { hash, ...live } = await readCatalog(query, sql);
    const shadows = new Shadows(query, place, live, { sql, hash }, newStatementName());
    await shadows.build(subject.parents.filter((parent) => !subject.tables.includes(parent)));
    return shadows;
  }

  /** The shadows as they are now. */
  async catalog(): Promise<Catalog> {
    if (this.current) return this.current;
    this.endDeclaration();
    this.current = await this.read();
    return this.current;
  }

  /** The shadows as a declaration would leave them. It is rolled back, unless `keep` is called next. */
  async declare({ statements, creates = [], parents }: Declaration): Promise<Catalog> {
    const { tables } = await this.catalog();
    this.endDeclaration();
    creates.forEach((table) => this.placeholders.delete(table));
    for (const [parent, sql] of parents) {
      if (tables.has(parent) || this.placeholders.has(parent) || creates.includes(parent)) continue;
      this.placeholders.add(parent);
      this.unsent.push(sql);
    }
    this.unsent.push('SAVEPOINT declaration', ...statements);
    this.isDeclaring = true;
    return this.read();
  }

  /** Leaves the shadows as the last declaration has made them. */
  keep(declared: Catalog): void {
    this.unsent.push('RELEASE SAVEPOINT declaration');
    this.isDeclaring = false;
    this.current = declared;
  }

  /** Runs statements on the shadows, in place of the live tables. */
  apply(statements: readonly string[]): void {
    this.endDeclaration();
    if (statements.length === 0) return;
    this.unsent.push(...statements);
    this.current = undefined;
  }

  /** The live table that a shadow was made from; undefined where it will be created only. */
  originOf(shadow: Table): Origin | undefined {
    return this.origins.get(shadow.oid);
  }

  /** Runs a query on live tables, whose columns are of the live enum types, and not of those of the shadows. */
  ask<Row extends object>(sql: string): Promise<Row[]> {
    return this.query<Row>(withTemporaryLastSql(sql));
  }

  /** Ends the use of the session. */
  async close(): Promise<void> {
    await this.query(`DEALLOCATE ${this.statement}`);
  }

  private endDeclaration(): void {
    if (!this.isDeclaring) return;
    this.unsent.push('ROLLBACK TO SAVEPOINT declaration', 'RELEASE SAVEPOINT declaration');
    this.isDeclaring = false;
  }

  private async read(): Promise<Catalog> {
    const statements = [...this.unsent, `EXECUTE ${this.statement}`];
    this.unsent = [];
    const { tables, enums } = await readCatalog(this.query, statements.join(';\n'));
    const inspected = [...tables].filter(([name]) => !this.placeholders.has(name));
    return { tables: new Map(inspected), enums };
  }

  private async build(parents: readonly string[]): Promise<void> {
    const { live } = this;
    const tables = [...live.tables.values()];
    const outgoing = tables.flatMap((table) => table.foreignKeys.map((key) => ({ table, key })));
    const unknown = outgoing.filter(
      ({ table, key }) => !parents.includes(table.name) && !live.tables.has(key.references.table),
    );
    unknown.forEach(({ key }) => this.placeholders.add(key.references.table));
    await this.query(
      [
        // First in the path, so that temporary types are printed without a schema, even where the session has pg_temp last.
        searchPathSql('pg_temp'),
        `PREPARE ${this.statement} AS ${shadowCatalogSql()}`,
        'SET LOCAL client_min_messages = error',
        'SET LOCAL check_function_bodies = off',
      ].join(';\n'),
    );
    this.unsent = shadowSql(live, parents);
    this.unsent.unshift(...placeholdersSql(unknown));
    const { tables: shadows } = await this.catalog().catch((error: unknown) => {
      const names = [...live.tables.keys()].join(', ');
      throw new Error(
        `${serverMessageOf(error)}. Of the tables ${names}, temporary copies are made to plan on, which PostgreSQL did not ` +
          'accept. Nothing of this migration was done.',
        { cause: error },
      );
    });
    for (const { oid, name, columns } of shadows.values()) {
      const names = columns.map((column) => [column.number, column.name] as const);
      this.origins.set(oid, { table: name, columns: new Map(names) });
    }
  }
}

let statements = 0;

/** A prepared statement outlives its transaction, and a pool may give the session to the next plan. */
function newStatementName(): string {
  statements += 1;
  return `read_shadows_${String(statements)}`;
}
