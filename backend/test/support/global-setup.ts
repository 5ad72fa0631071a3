import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './build';

/** Begins the run of all tests. What it needs is compiled first, and loaded only then: this may be a fresh clone. */
export default async function setUp(): Promise<void> {
  const compiler = path.join(ROOT, 'packages/sequelize-live-migrations/bin.js');
  const { status, stderr } = spawnSync(process.execPath, [compiler, 'build'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const { startTestServer } = await import('./server');
  await startTestServer(ROOT);
  const { serverVersion } = await import('./database');
  console.log(`\nPostgreSQL ${await serverVersion()}, Node.js ${process.version}`);
}
