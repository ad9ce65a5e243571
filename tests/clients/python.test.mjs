// The Python clients, which are asked to be run by Python.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

test('clients in Python send hits and read reports', () => {
  const { status, error, stderr } = spawnSync(`${HERE}.venv/bin/python`, ['-m', 'unittest', 'reading'], { cwd: HERE, encoding: 'utf8' });
  assert.equal(status, 0, error ?? stderr);
  assert.match(stderr, /Ran 3 tests/);
});
