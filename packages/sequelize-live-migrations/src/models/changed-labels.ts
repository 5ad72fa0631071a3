import { type Column, enumTypeOf } from '../catalog';
import { mergedLabels } from '../plan';
import type { Both } from './column-attributes';

interface Labels {
  readonly missing: readonly string[];
  /** Those that are there, with those that are added; undefined where the column is no enum. */
  readonly merged: readonly string[] | undefined;
  readonly notes: readonly string[];
  /** The names of a label before and after, where one has gone and one has come. */
  readonly renamed?: readonly [from: string, to: string];
}

/** How the labels of an enum differ. Those that no model declares any more stay: PostgreSQL removes none. */
export function labelsOf({ found, desired }: Both, column: Column, declared: Column): Labels {
  const there = enumTypeOf(found.catalog, column)?.labels;
  const wanted = enumTypeOf(desired.catalog, declared)?.labels;
  if (!there || !wanted) return { missing: [], merged: undefined, notes: [] };
  const missing = wanted.filter((label) => !there.includes(label));
  const gone = there.filter((label) => !wanted.includes(label));
  const where = `${found.table.name}.${column.name}`;
  const isReordered =
    there.filter((label) => wanted.includes(label)).join() !==
    wanted.filter((label) => there.includes(label)).join();
  const [from, to] = [gone[0], missing[0]];
  const isRename = gone.length === 1 && missing.length === 1 && from !== undefined && to !== undefined;
  return {
    missing,
    merged: mergedLabels(there, wanted),
    notes: [
      ...(gone.length > 0 ? goneNotes(where, gone) : []),
      ...(isReordered
        ? [
            `The labels of ${where} are in another order. PostgreSQL moves none: have the model name them in theirs, ${there.join(', ')}.`,
          ]
        : []),
    ],
    ...(isRename ? { renamed: [from, to] } : {}),
  };
}

function goneNotes(where: string, gone: readonly string[]): string[] {
  return [
    `NOT REMOVED: ${gone.join(', ')} of the labels of ${where}. PostgreSQL removes none, and rows may have it: leave it in ` +
      'the model, and have the application not write it any more.',
  ];
}
