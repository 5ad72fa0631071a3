/** Runs SQL in a transaction, and returns its rows. */
export type Query = <Row extends object>(sql: string) => Promise<Row[]>;
