import { Client } from 'pg';
import { hasCode } from './system';
import type { Server } from './server';

/** Creates a database on a server unless it exists, also while another process does the same. */
export async function createMissingDatabase(server: Server, database: string): Promise<void> {
  const { host, port, username: user, password } = server;
  const client = new Client({ host, port, user, password, database: 'postgres', ssl: false });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } catch (error) {
    if (!hasCode(error, DUPLICATE_DATABASE, UNIQUE_VIOLATION)) throw error;
  } finally {
    await client.end();
  }
}

const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';
