import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { TestDatabase } from './database';
import { eventually } from './eventually';
import type { Random } from './random';
import { openSession } from './session';

/** What two releases of an application have written to `pets`, of which each knows a column by another name. */
export class Ledger {
  /** The value of each row that only one session at a time writes. */
  readonly values = new Map<number, string | null>();
  /** What was appended to the value of a row that all write at once. */
  readonly appended: { readonly id: number; readonly text: string }[] = [];
  private readonly busy = new Set<number>();

  /**
   * @param rows the ids of the rows that are there, whose values begin as `n` and the id
   * @param counts how many statements were done, by release and kind
   */
  constructor(
    rows: readonly number[],
    private readonly counts: Map<string, number>,
  ) {
    for (const id of rows) this.values.set(id, `n${String(id)}`);
  }

  /** Takes rows that no other session writes meanwhile. */
  take(ids: readonly number[]): number[] {
    const free = [...new Set(ids)].filter((id) => !this.busy.has(id));
    free.forEach((id) => this.busy.add(id));
    return free.sort((a, b) => a - b);
  }

  release(ids: readonly number[]): void {
    ids.forEach((id) => this.busy.delete(id));
  }

  /**
   * What rows should have and do not have, and rows that should not be there.
   *
   * @param rows all rows, with the `value` of the column
   */
  differences(rows: readonly Record<string, unknown>[]): unknown[] {
    const found = new Map<number, string | null>();
    for (const { id, value } of rows) found.set(Number(id), value === null ? null : String(value));
    const lost = this.appended.filter(({ id, text }) => !found.get(id)?.split(/(?=,)/).includes(text));
    const own = [...this.values].filter(([id, value]) => !SHARED.includes(id) && found.get(id) !== value);
    const extra = [...found.keys()].filter((id) => !this.values.has(id));
    return [...lost, ...own, ...extra];
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/** The rows that all sessions append to. */
const SHARED = [1, 2, 3, 4, 5];

/** The default of the column. */
export const DEFAULT = 'none';

/** A statement, and what the rows have after it; undefined where they are gone. */
interface Write {
  readonly kind: string;
  readonly sql: string;
  readonly after: readonly (readonly [number, string | null | undefined])[];
}

/** A session of a release of the application, which writes at random until it is stopped. */
export class Writer {
  /** Whether it reads the column as well: the new release begins with that when the rows are filled. */
  isReading = true;
  private isStopped = false;
  private working: Promise<void> = Promise.resolve();
  private written = 0;
  private done = 0;

  private constructor(
    private readonly client: Client,
    private readonly column: string,
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {}

  static async start(
    database: TestDatabase,
    column: string,
    ledger: Ledger,
    random: Random,
  ): Promise<Writer> {
    const writer = new Writer(await openSession(database, 'writer'), column, ledger, random);
    writer.working = writer.work();
    writer.working.catch(() => undefined); // which `stop` throws
    return writer;
  }

  /** Waits until it has done so many statements more: how many it does in some time, a busy machine decides. */
  async writesMore(statements: number): Promise<void> {
    const wanted = this.done + statements;
    const failed = this.working.then(() => Promise.reject(new Error('The writer has been stopped.')));
    const isDone = eventually(`${String(statements)} more statements of a writer`, () => this.done >= wanted);
    await Promise.race([isDone, failed]);
  }

  /** @throws where a statement of it has failed */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.working;
  }

  private async work(): Promise<void> {
    while (!this.isStopped) {
      await (this.isReading && this.random.below(4) === 0 ? this.append() : this.write());
      await sleep(this.random.below(4));
    }
  }

  private async append(): Promise<void> {
    const id = this.random.pick(SHARED);
    const text = `,${this.column}${String(this.next())}`;
    const done = await this.run(
      `UPDATE pets SET ${this.column} = ${this.column} || '${text}' WHERE id = ${String(id)}`,
    );
    if (done) this.ledger.appended.push({ id, text });
    if (done) this.ledger.count(`${this.column} append`);
  }

  private async write(): Promise<void> {
    const wanted = Array.from({ length: 1 + this.random.below(3) }, () => 6 + this.random.below(60));
    const ids = this.ledger.take(wanted);
    try {
      const write = ids.length > 0 ? this.random.pick(this.writes(ids)) : undefined;
      if (!write || !(await this.run(write.sql))) return;
      this.ledger.count(`${this.column} ${write.kind}`);
      for (const [id, value] of write.after) {
        if (value === undefined) this.ledger.values.delete(id);
        else this.ledger.values.set(id, value);
      }
    } finally {
      this.ledger.release(ids);
    }
  }

  /** What can be written to rows, by whether they are there. */
  private writes(ids: readonly number[]): Write[] {
    const there = ids.filter((id) => this.ledger.values.has(id));
    const gone = ids.filter((id) => !this.ledger.values.has(id));
    const into = `INSERT INTO pets (id, ${this.column}) VALUES`;
    const rows = (of: readonly number[]) => of.map((id) => ({ id, ...this.value() }));
    const listed = (of: readonly { id: number; sql: string }[]) =>
      of.map(({ id, sql }) => `(${String(id)}, ${sql})`).join(', ');
    const after = (of: readonly { id: number; value: string | null }[]) =>
      of.map(({ id, value }) => [id, value] as const);
    const [inserted, all] = [rows(gone), rows(ids)];
    const one = { id: there[0] ?? 0, ...this.value(this.column === 'name') };
    const where = `WHERE id IN (${there.join(', ')})`;
    return [
      ...(gone.length > 0
        ? [
            { kind: 'insert', sql: `${into} ${listed(inserted)}`, after: after(inserted) },
            {
              kind: 'insert without',
              sql: `INSERT INTO pets (id) SELECT unnest(ARRAY[${gone.join(', ')}])`,
              after: gone.map((id) => [id, DEFAULT] as const),
            },
          ]
        : []),
      ...(there.length > 0
        ? [
            {
              kind: 'update',
              sql: `UPDATE pets SET ${this.column} = ${one.sql} WHERE id = ${String(one.id)}`,
              after: [[one.id, one.value] as const],
            },
            { kind: 'update of another column', sql: `UPDATE pets SET age = age + 1 ${where}`, after: [] },
            {
              kind: 'delete',
              sql: `DELETE FROM pets ${where}`,
              after: there.map((id) => [id, undefined] as const),
            },
          ]
        : []),
      {
        kind: 'upsert',
        sql: `${into} ${listed(all)} ON CONFLICT (id) DO UPDATE SET ${this.column} = EXCLUDED.${this.column}`,
        after: after(all),
      },
    ];
  }

  /** @param mayBeDefault whether DEFAULT is among them, which an UPDATE can set by the old name only */
  private value(mayBeDefault = true): { readonly sql: string; readonly value: string | null } {
    const kind = this.random.below(5);
    if (kind === 0) return { sql: 'NULL', value: null };
    if (kind === 1 && mayBeDefault) return { sql: 'DEFAULT', value: DEFAULT };
    const value = `${this.column}${String(this.next())}`;
    return { sql: `'${value}'`, value };
  }

  private next(): number {
    this.written += 1;
    return this.written * 1000 + this.random.below(1000);
  }

  /** Whether a statement is done: the new release finds no such column before the migration, and after its undo. */
  private async run(sql: string): Promise<boolean> {
    try {
      await this.client.query(sql);
      this.done += 1;
      return true;
    } catch (error) {
      const isUndefined = error instanceof Error && 'code' in error && error.code === '42703';
      if (isUndefined && this.column === 'title') return false;
      throw error;
    }
  }
}
