import { groupParts } from './sharing-parts.js';

const part = (lineBytes: number, properties = 3) => ({
  files: lineBytes === 0 ? [] : [{ path: `/spool/${lineBytes}`, bytes: 1, lineBytes }],
  properties,
});
const numbers = (...parts: Parameters<typeof groupParts>): number[][] =>
  groupParts(...parts).map((group) => group.map(({ number }) => number));

it('puts small parts together, and leaves large, wide and empty ones alone', () => {
  expect(numbers([part(10), part(11), part(0), part(10, 501), part(4), part(10)], 10)).toEqual([[0, 4, 5]]);
});

it('makes no group of one, and none when told so', () => {
  expect(numbers([part(10), part(11)], 10)).toEqual([]);
  expect(numbers([part(10), part(10)], 0)).toEqual([]);
});

it('counts all files of a part', () => {
  const { files, properties } = part(6);
  expect(numbers([{ files: [...files, ...files], properties }, part(1), part(2)], 10)).toEqual([[1, 2]]);
});

it('begins another group before a table gets large', () => {
  const half = 8 * 1024 * 1024;
  expect(numbers([part(half), part(half), part(half), part(1)], half)).toEqual([
    [0, 1],
    [2, 3],
  ]);
});
