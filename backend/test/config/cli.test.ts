import { sequelizeCli } from '../support/cli';
import { copyProject, removeCopies } from '../support/project';
import { serverUrl } from '../support/server';

afterAll(removeCopies);

describe('sequelize-cli', () => {
  it.each([
    ['db:migrate', { NODE_ENV: 'production' }],
    ['db:migrate --env production', {}],
  ])('%s without a database in production says so in one line and fails', async (line, env) => {
    const cwd = copyProject(); // where there is no .env
    const { code, stderr } = await sequelizeCli(line, '', { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: No database is configured, and NODE_ENV is production\..*\n$/);
  });

  it('never prints a password, whatever fails', async () => {
    const url = new URL(serverUrl());
    url.password = 'geheim%2Fes';
    url.pathname = 'no_such_database';
    const { code, stdout, stderr } = await sequelizeCli('db:migrate --debug', url.href);
    expect(code).toBe(1);
    expect(stderr).toMatch(/password authentication failed|does not exist/);
    expect(stdout + stderr).not.toMatch(/geheim/);
  });
});
