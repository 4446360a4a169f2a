import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeFolder } from './make-folder.js';

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'make-folder-'))));
afterEach(() => rmSync(root, { recursive: true }));

it('makes what is missing, and leaves what is there', () => {
  const folder = path.join(root, 'a', 'b', 'c');
  makeFolder(folder);
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it('throws below a file', () => {
  writeFileSync(path.join(root, 'file'), '');
  expect(() => makeFolder(path.join(root, 'file', 'x'))).toThrow();
});

(existsSync('/proc/self') ? it : it.skip)('throws where the system makes no folder', () => {
  expect(() => makeFolder('/proc/none/of/these')).toThrow();
});
