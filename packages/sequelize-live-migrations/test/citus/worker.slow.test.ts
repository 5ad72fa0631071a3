import { type } from '../support/cli';
import { createStandIn } from '../support/citus-stand-in';
import { dropDatabases } from '../support/database';

afterAll(() => dropDatabases());

it('on a worker of Citus, every command says so in the same line, and does nothing', async () => {
  const worker = await createStandIn();
  await worker.query('UPDATE pg_dist_local_group SET groupid = 2');
  for (const command of [
    'db:migrate',
    'db:migrate:undo',
    'db:migrate:status',
    'db:seed:all',
    'plan',
    'check',
  ]) {
    const { code, stdout, stderr } = await type(command, worker.url);
    expect({ command, code }).toEqual({ command, code: 1 });
    expect(`${stdout}${stderr}`).toMatch(
      /ERROR: The server at \S+ is a worker of a Citus cluster, and migrations run on the coordinator\. Nothing was done\. Name the coordinator, coordinator:5432, in DATABASE_URL\.\n$/,
    );
  }
  expect(await worker.query(`SELECT to_regclass('"SequelizeMeta"') AS log`)).toEqual([{ log: null }]);
});

it('on the coordinator, they work', async () => {
  const coordinator = await createStandIn();
  expect(await type('db:migrate', coordinator.url)).toMatchObject({ code: 0 });
  expect(await type('check', coordinator.url)).toMatchObject({ code: 0 });
});

it('check finds a local table that refers to a distributed one, with the calls that distribute it', async () => {
  const coordinator = await createStandIn();
  await type('db:migrate', coordinator.url);
  await coordinator.query("INSERT INTO pg_dist_partition VALUES ('pets', 'h', 'id')");
  const { code, stdout } = await type('check', coordinator.url);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^table toys: expected that it is distributed together with pets, to which it refers, found a local/,
  );
});
