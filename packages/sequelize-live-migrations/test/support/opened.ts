import { dropDatabases } from './database';

interface Opened {
  open(): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens something for a test file, and closes it at the end, when the databases of the file are dropped as well. */
export function useOpened<T extends Opened>(opened: T): T {
  beforeAll(async () => {
    await opened.open();
  });
  afterAll(async () => {
    await opened.close();
    await dropDatabases();
  });
  return opened;
}
