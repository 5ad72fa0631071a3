import { embeddedLocation } from '../config/database';
import { createMissingDatabase, startServer } from '../embedded';
import { runTask } from './task';

/** `npm run db:start`: starts the embedded server of this checkout, and prints an URL that psql takes. */
runTask(async () => {
  const server = await startServer(await embeddedLocation());
  const database = 'prd_maker_development';
  await createMissingDatabase(server, database);
  const { username, password, host, port } = server;
  console.log(`postgres://${username}:${password}@${host}:${String(port)}/${database}`);
});
