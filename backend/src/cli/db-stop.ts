import { embeddedLocation } from '../config/database';
import { stopServer } from '../embedded';
import { runTask } from './task';

/** `npm run db:stop`: stops the embedded server of this checkout. Its data stays. */
runTask(async () => {
  const stopped = await stopServer(await embeddedLocation());
  console.log(stopped ? 'Stopped the embedded PostgreSQL of this checkout.' : 'It was not running.');
});
