// docs/tracker-commands.md: command by command, what the tracker does with what the official client has. Asked of the built
// files, not of a list: `npm run commands` writes it, a test holds it.
import { pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
import { OFFICIAL } from './official.mjs';
import { page } from './page.mjs';

const SITE = [['setTrackerUrl', 'https://mesure.example/matomo.php'], ['setSiteId', '1']];
/** Not the first hit of the day, so that nothing else fetches the second file. */
const storage = () => ({ padoqe: '24/11/20261234567890123456' });

/** The name, where it is done, and what the console says where it is not. */
export async function ask(name) {
  const core = page({ storage: storage(), queue: SITE });
  if (name in core.context._paq.c) return [name, 'core', ''];
  core.push([name]);
  await core.settle();
  if (!core.fetched.length) return [name, 'core, nothing to do', ''];
  if (Object.keys(core.context._paq.c).includes(name)) return [name, 'second file', ''];
  const [warning] = core.warnings;
  return warning ? [name, 'warned', warning.replace(/^padoqe: \w+: /, '')] : [name, 'second file, nothing to do', ''];
}

export async function table() {
  const rows = [];
  for (const name of OFFICIAL) rows.push(await ask(name));
  const count = (where) => rows.filter((row) => row[1].startsWith(where)).length;
  return `# Commands of the tracker

Every command that Matomo's client has, and what this tracker does with it. Made by \`npm run commands\` in tracker-js from the
built files; a test holds it. Of ${rows.length}: ${count('core')} in the core, ${count('second file')} in the second file, which is fetched at the
first of them, ${count('warned')} answered in the console with what to use instead. None throws.

| command | done in | else |
|---|---|---|
${rows.map((row) => `| \`${row[0]}\` | ${row[1]} | ${row[2].replace(/\|/g, '\\|')} |`).join('\n')}

Besides, ours alone: \`enableHistoryTracking\`, \`start\` and \`stop\` (a feature, also \`padoqe.feature(name).start()\` and \`.stop()\`),
in the second file.
`;
}

export const FILE = new URL('../../docs/tracker-commands.md', import.meta.url);

if (import.meta.url == pathToFileURL(process.argv[1]).href) writeFileSync(FILE, await table());
