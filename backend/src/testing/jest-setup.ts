import { resolveDatabase } from '../config/database';
import { beginRun } from './run';

/** Jest's `globalSetup`: begins a test run on the server that the environment names, otherwise the embedded one. */
export default async function setUp(): Promise<void> {
  await beginRun((await resolveDatabase()).url);
}
