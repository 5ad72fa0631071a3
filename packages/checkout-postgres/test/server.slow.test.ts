import path from 'node:path';
import { newLocation, removeLocations, runScript } from './support/locations';

// More of these are in server.test.ts.

afterAll(removeLocations);

describe('the embedded server', () => {
  it('is one server when eight commands start it at the same instant', async () => {
    const location = newLocation();
    const script = `const { startServer } = require(${JSON.stringify(path.join(__dirname, '../dist'))});
      startServer(${JSON.stringify(location)}).then(({ port, started }) => console.log(port, started))`;
    const runs = await Promise.all(Array.from({ length: 8 }, () => runScript(script)));
    expect(runs.map(({ stderr }) => stderr)).toEqual(Array(8).fill(''));
    const answers = runs.map(({ stdout }) => stdout.trim().split(' '));
    expect(new Set(answers.map(([port]) => port)).size).toBe(1);
    expect(answers.filter(([, started]) => started === 'true')).toHaveLength(1);
  });
});
