import type { ColumnAttributes } from './columns';
import type { InSchema } from './in-schema';

/** Another name for a column, while the one that it has works as well: two columns, which are equal in every row. */
export interface OverlapColumn extends InSchema {
  readonly kind: 'overlapColumn';
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/** Drops the second name of a column. */
export interface EndOverlap {
  readonly kind: 'endOverlap';
  readonly undoes: OverlapColumn;
}

/**
 * Prepares a column of another type beside a column, which has its values and all else that belongs to it. A later
 * `changeColumn` to that type lets it take the place of the first one.
 */
export interface ConvertColumn extends InSchema {
  readonly kind: 'convertColumn';
  readonly table: string;
  readonly column: string;
  readonly type: ColumnAttributes['type'];
}

/** Drops the column of another type. */
export interface EndConversion {
  readonly kind: 'endConversion';
  readonly undoes: ConvertColumn;
}

/** What begins or ends a time in which there are two columns for one. */
export type OverlapChange = OverlapColumn | EndOverlap | ConvertColumn | EndConversion;
