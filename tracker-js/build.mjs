// Builds dist/: matomo.js (the core), full.js (the second file), opt-out.js, each compressed beside it; index.js (the module).
import { createHash } from 'node:crypto';
import { rmSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

const common = { bundle: true, minify: true, target: 'es2020', charset: 'utf8', legalComments: 'none', logLevel: 'warning', tsconfigRaw: {} };

await build({ ...common, entryPoints: ['src/full.ts'], format: 'iife', outfile: 'dist/full.js' });

// The core asks for the very second file it was built with, so that both may be cached for ever.
const hash = createHash('sha256').update(readFileSync('dist/full.js')).digest('hex').slice(0, 4);
const define = { FULL: JSON.stringify(`full.js?${hash}`) };

await build({ ...common, entryPoints: ['src/matomo.ts'], format: 'iife', outfile: 'dist/matomo.js', define });
await build({ ...common, entryPoints: ['src/index.ts'], format: 'esm', outfile: 'dist/index.js', external: ['./full.js'] });
await build({ ...common, entryPoints: ['src/opt-out.ts'], format: 'iife', outfile: 'dist/opt-out.js' });

for (const name of ['matomo.js', 'full.js', 'opt-out.js']) {
  const bytes = readFileSync(`dist/${name}`);
  writeFileSync(`dist/${name}.br`, brotliCompressSync(bytes));
  writeFileSync(`dist/${name}.gz`, gzipSync(bytes, { level: 9 }));
}
