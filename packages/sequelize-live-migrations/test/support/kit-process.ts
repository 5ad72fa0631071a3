/** Begins a run, has a database, says the names of it and of its template, and ends the run or not. */
const SCRIPT = `
  const [url, after] = process.argv.slice(1);
  const { beginRun, createTestDatabase, endRun } = require('sequelize-live-migrations/testing');
  beginRun({ root: process.cwd(), url }).then(createTestDatabase)
    .then(({ url }) => console.log(new URL(url).pathname.slice(1), new URL(process.env.LIVE_MIGRATIONS_TEST_TEMPLATE_URL).pathname.slice(1)))
    .then(() => after === 'end' && endRun());`;

/** What to type behind `node`. */
export const argumentsFor = (after: 'end' | 'stay', url: string) => ['-e', SCRIPT, url, after];
