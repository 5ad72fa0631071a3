import { type Column, type RandomModels, TYPE_NAMES } from './models';

/** A change at random: what kind it is, and on which table and column it is done. */
export interface RandomChange {
  readonly kind: keyof typeof CHANGES;
  readonly table: number;
  readonly column: number;
  readonly detail: number;
}

export function changeModels(models: RandomModels, change: RandomChange): void {
  CHANGES[change.kind](models, change);
}

const ACTIONS = ['CASCADE', 'SET NULL', 'RESTRICT'];
const KINDS = ['plain', 'descending', 'partial', 'expression'] as const;
const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(all.length, 1)];

/** What may happen to models. A unique column is one that has no other changes: its rows have different values. */
const CHANGES = {
  addTable(models: RandomModels): void {
    models.tables.push({ name: models.newName('table'), columns: [], indexes: [] });
  },
  addColumn(models: RandomModels, { table, detail }: RandomChange): void {
    const type = pick(TYPE_NAMES, detail) ?? 'text';
    pick(models.tables, table)?.columns.push({
      name: models.newName('column'),
      type,
      length: 20,
      labels: ['first', 'last'],
      notNull: detail % 3 === 0,
      hasDefault: detail % 2 === 0,
      comment: undefined,
      unique: false,
      references: undefined,
    });
  },
  addUnique(models: RandomModels, change: RandomChange): void {
    CHANGES.addColumn(models, { ...change, detail: 1 });
    const column = pick(models.tables, change.table)?.columns.at(-1);
    if (column) Object.assign(column, { unique: true, notNull: change.detail % 2 === 0, hasDefault: false });
  },
  addReference(models: RandomModels, change: RandomChange): void {
    CHANGES.addColumn(models, { ...change, detail: 2 });
    const column = pick(models.tables, change.table)?.columns.at(-1);
    const parent = pick(models.tables, change.column)?.name ?? '';
    const references = { table: parent, onDelete: pick(ACTIONS, change.detail) ?? '' };
    if (column) Object.assign(column, { references, notNull: false, hasDefault: false });
  },
  changeReference(models: RandomModels, { table, detail }: RandomChange): void {
    const column = pick(models.tables, table)?.columns.find(({ references }) => references);
    if (column?.references)
      column.references = { ...column.references, onDelete: pick(ACTIONS, detail) ?? '' };
  },
  removeReference(models: RandomModels, { table }: RandomChange): void {
    const column = pick(models.tables, table)?.columns.find(({ references }) => references);
    if (column) column.references = undefined;
  },
  removeColumn(models: RandomModels, { table, column }: RandomChange): void {
    const of = pick(models.tables, table);
    const removed = of && pick(of.columns, column);
    if (!of || !removed) return;
    of.columns = of.columns.filter((one) => one !== removed);
    of.indexes = of.indexes.filter(({ columns }) => !columns.includes(removed.name));
  },
  renameColumn(models: RandomModels, { table, column }: RandomChange): void {
    const of = pick(models.tables, table);
    const renamed = of && pick(of.columns, column);
    if (!of || !renamed) return;
    const [from, to] = [renamed.name, models.newName('column')];
    renamed.name = to;
    for (const index of of.indexes) index.columns = index.columns.map((name) => (name === from ? to : name));
    models.renames.push({ kind: 'renameColumn', table: of.name, from, to });
  },
  changeNull: ofColumn((column) => (column.notNull = !column.notNull)),
  changeDefault: ofColumn((column) => (column.hasDefault = !column.hasDefault)),
  comment: ofColumn((column, detail) => (column.comment = `It's ${String(detail)}`)),
  widen: ofColumn((column, detail) => {
    if (column.type === 'string' && detail % 2 === 0) column.type = 'text';
    else column.length += 5;
  }),
  addLabel: ofColumn((column, detail) => {
    column.labels.splice(detail % (column.labels.length + 1), 0, `label ${String(column.labels.length)}`);
  }),
  addIndex(models: RandomModels, { table, column, detail }: RandomChange): void {
    const of = pick(models.tables, table);
    const columns =
      of && [pick(of.columns, column), pick(of.columns, detail)].flatMap((one) => one?.name ?? []);
    const kind = pick(KINDS, detail) ?? 'plain';
    if (columns?.length)
      of?.indexes.push({ name: models.newName('index'), columns: [...new Set(columns)], kind });
  },
  removeIndex(models: RandomModels, { table, detail }: RandomChange): void {
    const of = pick(models.tables, table);
    if (of) of.indexes.splice(detail % Math.max(of.indexes.length, 1), 1);
  },
};
export const KINDS_OF_CHANGES = Object.keys(CHANGES).filter(
  (kind): kind is keyof typeof CHANGES => kind in CHANGES,
);

function ofColumn(work: (column: Column, detail: number) => unknown) {
  return (models: RandomModels, { table, column, detail }: RandomChange): void => {
    const changed = pick(pick(models.tables, table)?.columns ?? [], column);
    if (changed && !changed.unique && !changed.references) work(changed, detail);
  };
}
