import { columnNamed, type ForeignKey, hasSameActions, referencesSame, type Table } from '../catalog';

/** The foreign keys of a table that are to be changed. */
export interface DifferingKeys {
  readonly added: readonly {
    readonly key: ForeignKey;
    /** What is there between the same columns, and acts otherwise. */
    readonly replaces: ForeignKey | undefined;
  }[];
  /** But for those of a column that goes, which go with it. */
  readonly gone: readonly ForeignKey[];
}

/**
 * How the keys that are there differ from those that are wanted.
 *
 * @param declared the table that is to have these
 * @param isSame whether two keys between the same columns need no change
 */
export function differingKeys(
  there: readonly ForeignKey[],
  declared: Table,
  wanted: readonly ForeignKey[],
  isSame = hasSameActions,
): DifferingKeys {
  const isLeft = ({ columns: [column = ''] }: ForeignKey) => columnNamed(declared, column) !== undefined;
  return {
    added: wanted.flatMap((key) => {
      const onSame = there.filter((other) => referencesSame(other, key));
      return onSame.some((other) => isSame(other, key)) ? [] : [{ key, replaces: onSame[0] }];
    }),
    gone: there.filter((key) => isLeft(key) && !wanted.some((other) => referencesSame(other, key))),
  };
}
