import { sequelizeCli } from '../support/cli';
import { serverUrl } from '../support/server';

describe('sequelize-cli', () => {
  it.each([
    ['db:migrate', { NODE_ENV: 'production' }],
    ['db:migrate --env production', {}],
  ])('%s without a database in production says so in one line and fails', async (line, env) => {
    const { code, stderr } = await sequelizeCli(line, '', { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR: No database is configured, and NODE_ENV is production\..*\n$/);
  });

  it('never prints a password, whatever fails', async () => {
    const url = new URL(serverUrl());
    url.password = 'geheim%2Fes';
    const { code, stdout, stderr } = await sequelizeCli('db:migrate --debug', url.href);
    expect(code).toBe(1);
    expect(stderr).toContain('password authentication failed');
    expect(stdout + stderr).not.toMatch(/geheim/);
  });
});
