import type { Place } from '../place';
import {
  isConnectionLost,
  type Query,
  serverMessageOf,
  SQLSTATE,
  sqlStateOf,
  withTemporaryLastSql,
} from '../postgres';
import { READ_SHADOWS } from './catalog-sql';
import { cannotCopy } from './cannot-copy';
import { DistributionColumns } from './citus';
import { inspected, inspectionSql, type Seen } from './inspect';
import { type Catalog, type Column, columnNamed, type EnumType, type Table } from './model';
import { movedOrigin, type Origin } from './origin';
import { catalogIn } from './read';
import { Relabelled } from './relabelled';
import { dropSql, placeholdersSql, shadowSql } from './shadow-sql';
import type { Subject } from './subject';

/** What a step does to the rows of a table. */
export type RowsChanged = 'added' | 'updated' | 'deleted';

/** What a migration declares, as statements on the shadows. */
export interface Declaration {
  readonly statements: readonly string[];
  /** The tables that they create. */
  readonly creates?: readonly string[];
  /** The tables that their foreign keys refer to, with the statement that creates one of each where there is none. */
  readonly parents: ReadonlyMap<string, string>;
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
  /** Why something that belongs to a live table is not on its shadow, such as an index on a function of its own type. */
  readonly leftOut: string[] = [];
  /** What earlier steps do to the rows of tables, by the names of these at that time. */
  readonly changedRows = new Map<string, ReadonlySet<RowsChanged>>();
  readonly relabelled = new Relabelled();
  private readonly origins = new Map<string, Origin>();
  private readonly distribution: DistributionColumns;
  /** Stand for tables that are not inspected, so that foreign keys can refer to them. */
  private readonly placeholders = new Set<string>();
  /** Statements that are sent together with the next query. */
  private readonly unsent: string[] = [];
  private current: Catalog | undefined;
  private isDeclaring = false;
  private declared: Catalog | undefined;

  private constructor(
    private readonly query: Query,
    readonly place: Place,
    /** The live tables, as they were when the shadows were made. */
    readonly live: Catalog,
    readonly seen: Seen,
  ) {
    this.distribution = new DistributionColumns(place.citus, (shadow) => this.originOf(shadow));
  }

  /**
   * Reads the live tables, and makes their shadows. The role has to own the tables, and may create temporary ones (which
   * PostgreSQL lets everybody do by default).
   *
   * @param query runs SQL in a transaction that will be rolled back, in a session that has run `PREPARE_INSPECTION`
   */
  static async of(query: Query, subject: Subject): Promise<Shadows> {
    const rows = await query(inspectionSql(subject).join(';\n'));
    const { place, live, seen } = await inspected(query, rows, subject);
    const shadows = new Shadows(query, place, live, seen);
    await shadows.build(subject.parents.filter((parent) => !isChanged(subject, live.tables.get(parent))));
    return shadows;
  }

  /** The shadows as they are now. */
  async catalog(): Promise<Catalog> {
    if (!this.current) this.endDeclaration();
    this.current ??= await this.read();
    return this.distribution.of(this.current);
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
    this.declared = this.distribution.of(await this.read());
    return this.declared;
  }

  /** Whether the shadows are as a declaration has made them, and nothing was done to them since. */
  isDeclared(declared: Catalog): boolean {
    return this.isDeclaring && this.declared === declared;
  }

  /** Leaves the shadows as the last declaration has made them. */
  keep(declared: Catalog): void {
    this.unsent.push('RELEASE SAVEPOINT declaration');
    this.isDeclaring = false;
    this.current = declared;
    this.distribution.note(declared);
  }

  /** Runs statements on the shadows, in place of the live tables. */
  apply(statements: readonly string[]): void {
    if (statements.length === 0) return;
    this.endDeclaration();
    this.unsent.push(...statements);
    this.current = undefined;
  }

  /**
   * Gives an enum type more labels, and makes the shadows again with it: a label that is only added could not be used
   * before the transaction ends (manual, ALTER TYPE), and what follows in the migration may use it.
   */
  async replaceEnum(type: EnumType): Promise<void> {
    this.current = undefined;
    const found = await this.catalog();
    const { tables, others } = shadowSql({ ...found, enums: new Map(found.enums).set(type.name, type) }, []);
    await this.create([...dropSql(found), ...tables], others);
    const catalog = await this.catalog();
    for (const table of found.tables.values()) {
      const [origin, made] = [this.originOf(table), catalog.tables.get(table.name)];
      if (origin && made) this.origins.set(made.oid, movedOrigin(origin, table, made));
    }
    this.relabelled.noteMore(type.name);
  }

  /** The live table that a shadow was made from; undefined where it will be created only. */
  originOf(shadow: Table): Origin | undefined {
    return this.origins.get(shadow.oid);
  }

  /** The live table that a shadow was made from, as it was then; undefined where it will be created only. */
  liveOf(shadow: Table): Table | undefined {
    const origin = this.originOf(shadow);
    return origin && this.live.tables.get(origin.table);
  }

  /** The same for a column of a shadow. */
  liveColumnOf(shadow: Table, { number }: Column): Column | undefined {
    const live = this.liveOf(shadow);
    const name = this.originOf(shadow)?.columns.get(number);
    return live && name !== undefined ? columnNamed(live, name) : undefined;
  }

  /**
   * Whether a query finds a row in live tables, whose columns are of the live enum types, and not of those of the shadows.
   *
   * @param isRelabelled the query gives them the types of the shadows, and the live tables their schema
   */
  async isFound(select: string, isRelabelled = false): Promise<boolean> {
    const sql = `SELECT true AS found WHERE EXISTS (${select})`;
    const rows = await this.query(isRelabelled ? sql : withTemporaryLastSql(sql));
    return rows.some((row) => 'found' in row);
  }

  /** The rows that a query on the live database selects, of which a column has the given name. */
  async rowsWith<Row extends object>(column: string, sql: string): Promise<Row[]> {
    const rows = await this.query<Row>(withTemporaryLastSql(sql));
    return rows.filter((row) => column in row);
  }

  private endDeclaration(): void {
    if (!this.isDeclaring) return;
    this.unsent.push('ROLLBACK TO SAVEPOINT declaration', 'RELEASE SAVEPOINT declaration');
    this.isDeclaring = false;
  }

  private async read(): Promise<Catalog> {
    const statements = this.unsent.splice(0);
    const { tables, enums } = catalogIn(await this.query([...statements, READ_SHADOWS].join(';\n')));
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
    const sql = shadowSql(live, parents);
    if (sql.tables.length === 0) {
      this.current = live; // there is nothing, and so there are no shadows
      return;
    }
    await this.create([...placeholdersSql(unknown), ...sql.tables], sql.others);
    const { tables: shadows } = await this.catalog();
    for (const { oid, name, columns } of shadows.values()) {
      const names = columns.map((column) => [column.number, column.name] as const);
      this.origins.set(oid, { table: name, columns: new Map(names) });
    }
  }

  /** Creates all, and reads it, in one message; where PostgreSQL does not accept something, without what it does not accept. */
  private async create(tables: readonly string[], others: readonly string[]): Promise<void> {
    this.current = undefined;
    this.unsent.push('SAVEPOINT shadows', ...tables, ...others);
    try {
      await this.catalog();
    } catch (error) {
      if (sqlStateOf(error) === SQLSTATE.lockNotAvailable || isConnectionLost(error)) throw error;
      await this.query(['ROLLBACK TO SAVEPOINT shadows', ...tables].join(';\n')).catch(cannotCopy(this.live));
      for (const statement of others) await this.tryToCreate(statement);
    }
  }

  private async tryToCreate(statement: string): Promise<void> {
    try {
      await this.query(`SAVEPOINT other;\n${statement};\nRELEASE SAVEPOINT other`);
    } catch (error) {
      await this.query('ROLLBACK TO SAVEPOINT other');
      this.leftOut.push(serverMessageOf(error));
    }
  }
}

/** Whether a table is changed, and not only referred to: also by the conversion of a column to which its foreign keys refer. */
function isChanged({ tables, referred = [] }: Subject, table: Table | undefined): boolean {
  if (!table) return false;
  return (
    tables.includes(table.name) ||
    table.foreignKeys.some(({ references }) => referred.includes(references.table))
  );
}
