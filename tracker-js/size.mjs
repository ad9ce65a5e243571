// Prints what the served files weigh, and fails when the core is too heavy.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const LIMIT = 1500;

const weigh = (file) => {
  const raw = readFileSync(new URL(file, import.meta.url));
  return {
    raw: raw.length,
    gzip: gzipSync(raw, { level: 9 }).length,
    brotli: brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }).length,
  };
};

const core = weigh('dist/matomo.js');
console.table({ 'matomo.js (core)': core, 'full.js (second file)': weigh('dist/full.js') });

if (core.gzip > LIMIT) {
  console.error(`The core weighs ${core.gzip} bytes gzip, more than the ${LIMIT} it may: move something to src/full.ts.`);
  process.exit(1);
}
