import path from 'node:path';

/** The folder of this repository, where its packages are installed. */
export const ROOT = path.resolve(__dirname, '../../../..');
