// The demonstration, started for a test: a site with a school fortnight in it, and a login.
//   SERVER_BIN  the server's binary, target/release/padoqe unless told; load-tests stands beside it
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BIN = resolve(process.env.SERVER_BIN ?? 'target/release/padoqe');

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts it, waits until the fortnight is played; its address, its site, its login, a token and how to stop it. */
export async function startDemonstration({ scale = '0.05' } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'padoqe-pages-'));
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(join(dirname(BIN), 'load-tests'), ['demo', '--server-bin', BIN, '--data', data, '--listen', listen, '--scale', scale], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const stop = async () => {
    if (child.exitCode == null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(data, { recursive: true, force: true });
  };
  const end = Date.now() + 120_000;
  while (!said.includes('Ctrl-C')) {
    if (child.exitCode != null || Date.now() > end) {
      await stop();
      throw new Error(`The demonstration did not start: ${said}`);
    }
    await sleep(100);
  }
  const { site, login, password } = JSON.parse(await readFile(join(data, 'demo.json'), 'utf8'));
  const admin = (...args) => execFileSync(BIN, ['admin', ...args, '--data', data], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n').at(-1);
  return { url: `http://${listen}`, site: String(site), login, password, token: admin('token'), stop };
}
