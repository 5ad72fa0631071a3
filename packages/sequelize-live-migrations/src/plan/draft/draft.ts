import type { Sequelize } from 'sequelize';
import {
  type Catalog,
  type Column,
  type Declaration,
  type EnumType,
  LiveTables,
  Rows,
  type Shadows,
  type Table,
} from '../../catalog';
import { type Place } from '../../place';
import {
  type Change,
  type ColumnDeclaration,
  columnsOf,
  inverse,
  tableOf,
  leftBy,
  leftByLast,
} from '../../vocabulary';
import { describe, type Difference } from './compare';
import type { MigrationRun } from './migration-run';
import { missingTable, RefusedError } from './refused-error';
import { hasUnknown, type Plan, type Step } from './step';

/** A declaration; most refer to no other tables. */
type Statements = Omit<Declaration, 'parents'> & Partial<Declaration>;

/** The changes of a migration before and after one of them, in order. */
interface Neighbours {
  readonly before: readonly Change[];
  readonly after: readonly Change[];
}

/**
 * A plan in the making. Each step that is added is done to the shadows at once, so that the next change is planned on
 * what the database will be by then, and not on what it is.
 */
export class Draft implements Plan {
  readonly steps: Step[] = [];
  readonly notices: string[] = [];
  readonly rows: Rows;
  readonly live: LiveTables;
  private readonly conflicts: Difference[] = [];
  /** The changes of the later migrations in the log, in order, under the names that are there now. */
  readonly later: readonly Change[];
  /** The other changes of this migration: each planner finds here what comes before and after the change that it plans. */
  neighbours: Neighbours = { before: [], after: [] };
  private readonly earlierChanges: readonly Change[];

  constructor(
    readonly sequelize: Sequelize,
    private readonly shadows: Shadows,
    readonly run: MigrationRun,
  ) {
    this.rows = new Rows(shadows, run.assumesRows === true);
    this.live = new LiveTables(shadows);
    this.later = leftByLast(run.later);
    this.earlierChanges = leftByLast(run.earlier ?? []);
  }

  get place(): Place {
    return this.shadows.place;
  }

  /** The tables as the steps so far leave them. */
  catalog(): Promise<Catalog> {
    return this.shadows.catalog();
  }

  /** A table as the steps so far leave it; undefined where there is none. */
  async find(name: string): Promise<Table | undefined> {
    return (await this.catalog()).tables.get(name);
  }

  /**
   * The table that a change is about.
   *
   * @throws RefusedError where it does not exist
   */
  async table(name: string): Promise<Table> {
    const table = await this.find(name);
    if (table) return table;
    throw missingTable(name, this.place);
  }

  /** The same, for a change that an undo need not make where it has removed the table already. */
  async tableToRenameIn(name: string): Promise<Table | undefined> {
    return this.run.direction === 'down' ? this.find(name) : this.table(name);
  }

  /** What a declaration comes to, as PostgreSQL prints it. Nothing of it stays, unless `addDeclared` is called next. */
  declare({ parents = new Map(), ...declared }: Statements): Promise<Catalog> {
    return this.shadows.declare({ ...declared, parents });
  }

  /** Whether what was declared last is this, and no step was added since. */
  isDeclaredLast(declared: Catalog): boolean {
    return this.shadows.isDeclared(declared);
  }

  /** Adds steps that together make exactly what was declared last. */
  addDeclared(declared: Catalog, steps: readonly Step[]): void {
    this.steps.push(...steps);
    this.shadows.keep(declared);
  }

  /** Whether a query finds a row in the live database. */
  isFound(query: string): Promise<boolean> {
    return this.shadows.isFound(query);
  }

  add(...steps: readonly Step[]): void {
    this.steps.push(...steps);
    for (const { names } of steps)
      if (names?.was !== undefined) this.rows.noteRenamed(names.was, names.table);
    this.shadows.apply(steps.flatMap(({ sql, onShadows }) => onShadows ?? [sql]));
  }

  /** Adds a step after which an enum type has more labels. */
  async addLabels(step: Step, type: EnumType): Promise<void> {
    this.steps.push(step);
    await this.shadows.replaceEnum(type);
  }

  /** Adds a step that renames a label of an enum type. */
  addRenamedLabel(step: Step, type: string, from: string, to: string): void {
    this.add(step);
    this.shadows.relabelled.noteLabel(type, from, to);
  }

  /** Adds a step that renames an enum type. */
  addRenamedType(step: Step, from: string, to: string): void {
    this.add(step);
    this.shadows.relabelled.noteType(from, to);
  }

  notice(text: string): void {
    this.notices.push(text);
  }

  /**
   * Notes what the database conflicts in, so that all conflicts of a migration are reported together.
   *
   * @returns whether there is anything
   */
  refuse(...differences: readonly Difference[]): boolean {
    this.conflicts.push(...differences);
    return differences.length > 0;
  }

  /** @throws RefusedError with every conflict, if there are any */
  assertNoConflicts(): void {
    if (this.conflicts.length === 0) return;
    const { database, schema } = this.place;
    throw new RefusedError(
      `Database ${database}, schema ${schema}, conflicts with this migration:\n` +
        this.conflicts.map((difference) => `  - ${describe(difference)}\n`).join('') +
        'Nothing of this migration was done. Reconcile these by hand, or rename what has the name, and run the same ' +
        'command again.',
    );
  }

  /** The changes of the earlier migrations in the log, in order, under the names that are there by now. */
  get earlier(): readonly Change[] {
    const { before, after } = this.neighbours;
    const since = this.run.direction === 'up' ? before : inverse(after);
    return this.earlierChanges.flatMap((change) => leftBy(change, since, 'up') ?? []);
  }

  /** What the migrations before this one declare of a column; undefined where none does. */
  declaredBefore(table: string, column: string): ColumnDeclaration | undefined {
    const declared = this.earlier.filter((change) => !('undoes' in change)).flatMap(columnsOf);
    return declared.findLast((before) => before.table === table && before.column === column);
  }

  /** What this migration and those in the log declare. */
  get declaredChanges(): readonly Change[] {
    return [...this.earlier, ...this.run.changes, ...this.later];
  }

  /** Whether a later migration in the log has changed a column. */
  isChangedLater(table: string, column: string): boolean {
    return this.later.some(
      (change) => change.kind === 'changeColumn' && change.table === table && change.column === column,
    );
  }

  /** Whether a later migration in the log has removed a table, or one of its columns. */
  isRemovedLater(table: string, part?: { readonly column: string }): boolean {
    return this.later.some((change) => {
      if (!('undoes' in change) || tableOf(change) !== table) return false;
      if (change.kind === 'dropTable') return true;
      return change.kind === 'removeColumn' && change.undoes.column === part?.column;
    });
  }

  /**
   * What somebody has put on a table or a column, such as rights. Nothing where SQL of this migration runs before: it may
   * remove that.
   */
  async attachedTo(table: Table, column?: Column): Promise<readonly string[]> {
    return hasUnknown(this.steps) ? [] : this.live.attachedTo(table, column);
  }

  /** What depends on a column, so that PostgreSQL neither drops it nor changes its type. Likewise nothing after such SQL. */
  async dependentsOn(table: Table, column: Column): Promise<string[]> {
    return hasUnknown(this.steps) ? [] : this.live.dependentsOn(table, column);
  }
}
