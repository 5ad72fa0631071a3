export interface RunSql {
  readonly kind: 'sql';
  readonly up: string;
  readonly down: string | undefined;
  /** A query: where it finds a row, `up` has been done. */
  readonly unless: string | undefined;
}

export interface RevertSql {
  readonly kind: 'revertSql';
  readonly undoes: RunSql;
}
