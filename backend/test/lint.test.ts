import { run } from './support/cli';

// Beside the other tests rather than before them: it takes a core for itself, and they often wait.

it('the sources pass the linter and are formatted', async () => {
  const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'lint']);
  expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
});
