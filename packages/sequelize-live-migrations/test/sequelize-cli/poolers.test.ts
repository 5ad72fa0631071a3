import { beginRun } from 'sequelize-live-migrations/testing';
import { dropDatabases } from '../support/database';
import { FIXTURE } from '../support/fixture-project';
import { describeWithPgbouncer, startPool, stopPools, throughPool } from '../support/pgbouncer';
import { serverUrl } from '../support/server';

afterAll(stopPools);
afterAll(() => dropDatabases());

describeWithPgbouncer('through a pool of transactions or statements', () => {
  it('the kit for tests is refused as well', async () => {
    const url = throughPool(await startPool('transaction'), { url: serverUrl() });
    await expect(beginRun({ root: FIXTURE, url })).rejects.toThrow(/is pooled: .* Nothing was done\./);
  });
});
