import { build } from './build';
import { succeed } from './cli';
import { nameMigrated } from './database';
import { startTestServer } from './server';

export default async function setUp(): Promise<void> {
  build();
  await startTestServer();
  await succeed('db:migrate', await nameMigrated());
}
