import { benchCli } from './cli';

/** `npm run bench -- NAME`: one benchmark, or all of them. */
const benchmarks: Readonly<Record<string, () => Promise<void>>> = { cli: benchCli };

async function main([name]: readonly string[]): Promise<void> {
  const chosen = name === undefined ? Object.values(benchmarks) : [benchmarks[name]];
  for (const benchmark of chosen) {
    if (!benchmark)
      throw new Error(`There is no benchmark ${String(name)}: ${Object.keys(benchmarks).join(', ')}.`);
    await benchmark();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
