/** Another name for a column, while the one that it has works as well: two columns, which are equal in every row. */
export interface OverlapColumn {
  readonly kind: 'overlapColumn';
  readonly schema?: string;
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/** Drops the second name of a column. */
export interface EndOverlap {
  readonly kind: 'endOverlap';
  readonly undoes: OverlapColumn;
}
