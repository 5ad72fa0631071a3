import { build } from './build';
import { startTestServer } from './server';

export default async function setUp(): Promise<void> {
  build();
  await startTestServer();
}
