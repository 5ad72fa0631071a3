/** What Sequelize takes for a connection of its own: for one statement, or for a transaction. */
export interface Lane {
  readonly isTransaction: boolean;
  statements: number;
  /** After an error, as in any transaction: nothing but its end is accepted. */
  isAborted: boolean;
  /** Whether statements that do not belong to it were sent while it was open. */
  hasOthers: boolean;
}

export function newLane(isTransaction: boolean): Lane {
  return { isTransaction, statements: 0, isAborted: false, hasOthers: false };
}
