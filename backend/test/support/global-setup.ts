import { serverVersion } from './database';
import { startTestServer } from './server';

export default async function setUp(): Promise<void> {
  await startTestServer();
  console.log(`\nPostgreSQL ${await serverVersion()}, Node.js ${process.version}`);
}
