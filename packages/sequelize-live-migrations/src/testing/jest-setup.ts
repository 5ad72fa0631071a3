import { beginRun } from './run';

/** Jest's `globalSetup`: begins a test run of the project in Jest's `rootDir`. */
export default async function setUp({ rootDir }: { readonly rootDir: string }): Promise<void> {
  await beginRun({ root: rootDir });
}
