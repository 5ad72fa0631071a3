/** Runs SQL in a transaction, and returns its rows: of all statements, where there are several. */
export type Query = <Row extends object>(sql: string) => Promise<Row[]>;
