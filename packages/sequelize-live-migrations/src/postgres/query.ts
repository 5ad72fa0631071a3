/** Runs SQL in a transaction, and gives its rows. */
export type Query = <Row extends object>(sql: string) => Promise<Row[]>;
