import fs from 'node:fs';
import { embeddedLocation, testLocation } from '../config/database';
import { stopServer } from '../embedded';
import { runTask } from './task';

/** `npm run db:stop`: stops this checkout's embedded server, whose data stays, and removes the one in memory. */
runTask(async () => {
  const memory = await testLocation();
  const stopped = [await stopServer(await embeddedLocation()), memory && (await stopServer(memory))];
  if (memory) fs.rmSync(memory.folder, { recursive: true, force: true });
  console.log(
    stopped.includes(true) ? 'Stopped the embedded PostgreSQL of this checkout.' : 'It was not running.',
  );
});
