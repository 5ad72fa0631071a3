import { type Change, forwardOf, leftByLast } from '../vocabulary';

/** What migrations have made of one table that no model can declare. */
export interface OnlyMigrationsDeclare {
  /** The names of check constraints. */
  readonly checks: ReadonlySet<string>;
  /** The names of indexes with columns that are no part of their keys. */
  readonly covering: ReadonlySet<string>;
  /** The columns of foreign keys of several columns, joined by commas. */
  readonly foreignKeys: ReadonlySet<string>;
  /** The generated columns. */
  readonly generated: ReadonlySet<string>;
}

interface Thing {
  readonly table: string;
  readonly kind: keyof OnlyMigrationsDeclare;
  readonly name: string;
}

/** What the migrations that have run have made of each table, as far as no model can declare it. */
export function onlyMigrationsDeclare(changes: readonly Change[]): (table: string) => OnlyMigrationsDeclare {
  const byTable = new Map<string, ReturnType<typeof nothing>>();
  for (const change of leftByLast(changes)) {
    for (const { table, kind, name } of thingsOf(change)) {
      const found = byTable.get(table) ?? nothing();
      byTable.set(table, found);
      if ('undoes' in change) found[kind].delete(name);
      else found[kind].add(name);
    }
  }
  return (table) => byTable.get(table) ?? nothing();
}

function nothing() {
  return {
    checks: new Set<string>(),
    covering: new Set<string>(),
    foreignKeys: new Set<string>(),
    generated: new Set<string>(),
  };
}

function thingsOf(change: Change): Thing[] {
  const forward = forwardOf(change);
  switch (forward.kind) {
    case 'createTable':
      return [
        ...forward.indexes.flatMap(thingsOf),
        ...Object.entries(forward.attributes).flatMap(([column, { generatedAs }]) =>
          generatedAs ? [{ table: forward.table, kind: 'generated' as const, name: column }] : [],
        ),
      ];
    case 'addColumn': {
      const { table, column: name, attributes } = forward;
      return attributes.generatedAs ? [{ table, kind: 'generated', name }] : [];
    }
    case 'addIndex': {
      const { table, name, options } = forward;
      return options.include ? [{ table, kind: 'covering', name }] : [];
    }
    case 'addConstraint': {
      const { table, name, type } = forward;
      if (type === 'check') return [{ table, kind: 'checks', name }];
      const isOfModels = type === 'unique' || forward.fields.length === 1;
      return isOfModels ? [] : [{ table, kind: 'foreignKeys', name: forward.fields.join() }];
    }
    default:
      return [];
  }
}
