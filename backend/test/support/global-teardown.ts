import { dropMigrated } from './database';
import { sweepUp } from './server';

export default async function tearDown(): Promise<void> {
  await dropMigrated();
  await sweepUp();
}
