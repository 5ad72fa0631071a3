import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { moveIntoPlace, type Binaries } from './binaries';
import { giveTo, makePrivateFolder, type Location } from './location';
import { runServerProgram } from './programs';

/** A data folder and the password of its superuser, which are created, moved and deleted together. */
export interface Cluster {
  readonly data: string;
  readonly passwordFile: string;
}

export type Settings = Readonly<Record<string, string>>;

export const SUPERUSER = 'postgres';

const SETTINGS: Settings = {
  listen_addresses: "'127.0.0.1'",
  unix_socket_directories: "''", // the path of a socket may not exceed 107 bytes, which that of a checkout may do
  shared_buffers: '32MB',
  synchronous_commit: 'off', // a crash loses at most the last half second of development data
};

export function clusterIn({ folder }: Location, major: string): Cluster {
  const cluster = path.join(folder, `cluster-${major}`);
  return { data: path.join(cluster, 'data'), passwordFile: path.join(cluster, 'password') };
}

/** Creates the cluster unless it exists: under another name, then renamed, so that it is never half finished. */
export function createMissingCluster(location: Location, binaries: Binaries, settings: Settings): Cluster {
  const cluster = clusterIn(location, binaries.major);
  if (!fs.existsSync(cluster.data)) {
    const draft = fs.mkdtempSync(path.join(location.folder, 'draft-'));
    makePrivateFolder(draft, location);
    createCluster(draft, location, binaries, settings);
    moveIntoPlace(draft, path.dirname(cluster.data));
  }
  return cluster;
}

function createCluster(
  folder: string,
  location: Location,
  { folder: binaries, major }: Binaries,
  settings: Settings,
) {
  const data = path.join(folder, 'data');
  const passwordFile = path.join(folder, 'password');
  fs.writeFileSync(passwordFile, randomBytes(16).toString('hex'), { mode: 0o600 });
  giveTo(location.runAs, passwordFile);
  // The same locale on every machine: text sorts by code point.
  const locale = Number(major) >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const { status, output } = runServerProgram(
    binaries,
    'initdb',
    [
      ...['--pgdata', data, '--username', SUPERUSER, '--pwfile', passwordFile],
      // With "trust", every user of this machine could connect to the TCP port.
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', ...locale, '--no-sync'],
    ],
    location,
  );
  if (status !== 0) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw new Error(
      `The embedded PostgreSQL could not create its data folder: ${output}. Correct that, or set DATABASE_URL.`,
    );
  }
  const lines = Object.entries({ ...SETTINGS, ...settings }).map(([name, value]) => `${name} = ${value}\n`);
  fs.appendFileSync(path.join(data, 'postgresql.conf'), lines.join(''));
}
