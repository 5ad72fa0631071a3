import { type } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { stopOwnServers } from '../support/own-server';

afterAll(stopOwnServers);
afterAll(() => dropDatabases());

describe('where transactions are read-only', () => {
  const LINE = /^ERROR: The user \S+ may only read in database \S+ at [^\n]* Nothing was done\. [^\n]*\n$/;

  it('the message says what ends it: set in the URL', async () => {
    const database = await createDatabase();
    const { stderr } = await type('plan', `${database.url}?options=-c%20default_transaction_read_only%3Don`);
    expect(stderr).toMatch(LINE);
    expect(stderr).toContain('Take it out of the options of the connection');
  });
});
