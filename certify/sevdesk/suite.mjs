import { readFile } from 'node:fs/promises';
import { expectEqual } from '../report/answers.mjs';
import { Difference, NotTried } from '../report/findings.mjs';
import { ENDPOINTS } from './endpoints.mjs';
import { SevdeskReader } from './reader.mjs';

const PAGE = 50;
const SAMPLE = 10;

const instantOf = (value) => Math.floor(Date.parse(value) / 1000);
const idsOf = ({ objects }) => objects.map(({ id }) => String(id));

/** What the tap relies on at sevDesk: rights, `total`, paging, filters and their bounds, and the types of the schemas. Reads only. */
export const sevdesk = {
  name: 'sevDesk',
  async run({ url, token, recording, signal, check }) {
    const reader = new SevdeskReader({ url, token, recording, signal, suite: this.name });
    for (const endpoint of ENDPOINTS) await checkEndpoint(reader, endpoint, check);
  },
};

async function checkEndpoint(reader, { stream, path, kind, all = {}, parent }, check) {
  const it = (what, body) => check(`${path}: ${what}`, body);
  let page;
  await it('can be listed, with "total" as the number of all objects', async () => {
    page = await reader.list(path, { ...all, limit: PAGE, offset: 0 });
    if (!/^\d+$/.test(String(page.total)))
      throw new Difference({ expected: '"total": a number', came: JSON.stringify(page.total) });
    if (page.date === null) throw new Difference({ expected: 'a Date header', came: 'none' });
    const enough = Math.min(Number(page.total), PAGE);
    if (page.objects.length !== enough)
      throw new Difference({ expected: `${enough} objects on the page`, came: String(page.objects.length) });
  });
  // Nothing more can be learned of what cannot be listed.
  if (!page) return;
  await it('every value fits the schema', () => fitsSchema(stream, page.objects));
  await it('two pages of half the size are the page, each object once', () => pages(reader, { path, all, page }));
  if (kind === 'changes') {
    for (const field of ['update', 'create'])
      await it(`${field}After and ${field}Before are honoured`, () => bounds(reader, { path, all, page, field }));
    await it('orderBy create is honoured, or ignored', () => ordered(reader, { path, all }));
  }
  if (kind === 'children') await it('lists the children of one object only', () => children(reader, { path, parent }));
}

const needsObjects = (objects, count = 1) => {
  if (objects.length < count) throw new NotTried(`the account has fewer than ${count} such objects`);
};

async function pages(reader, { path, all, page }) {
  needsObjects(page.objects, 2);
  const limit = Math.ceil(page.objects.length / 2);
  const [first, second] = [0, limit].map((offset) => ({ ...all, limit, offset }));
  const ids = [...idsOf(await reader.list(path, first)), ...idsOf(await reader.list(path, second))];
  const expected = new Set(idsOf(page));
  if (new Set(ids.slice(0, expected.size)).size !== Math.min(ids.length, expected.size))
    throw new Difference({ expected: 'each object once', came: 'one twice' });
  const missing = [...expected].filter((id) => !ids.includes(id)).length;
  if (missing > 0) throw new Difference({ expected: 'the same objects', came: `${missing} others` });
}

/** An object must come in a window of its second and a second on each side, and nothing else with it. */
async function bounds(reader, { path, all, page, field }) {
  const dated = page.objects.find((object) => Number.isFinite(instantOf(object[field])));
  needsObjects(dated ? [dated] : []);
  const at = instantOf(dated[field]);
  const window = { [`${field}After`]: at - 1, [`${field}Before`]: at + 1 };
  const { objects } = await reader.list(path, { ...all, ...window, limit: 1000, offset: 0 });
  if (!objects.some(({ id }) => id === dated.id))
    throw new Difference({ expected: 'the object whose second lies in the window', came: 'it is missing' });
  const outside = objects.filter((object) => Math.abs(instantOf(object[field]) - at) > 1).length;
  if (outside > 0) throw new Difference({ expected: 'objects of the window only', came: `${outside} others` });
  const exact = { [`${field}After`]: at, [`${field}Before`]: at };
  const inclusive = (await reader.list(path, { ...all, ...exact, limit: 1000, offset: 0 })).objects;
  // The tap's windows overlap, so that both do; which it is, only a real account tells.
  reader.note(
    `${path} ${field}`,
    inclusive.some(({ id }) => id === dated.id) ? 'inclusive bounds' : 'exclusive bounds',
  );
}

async function ordered(reader, { path, all }) {
  const order = { 'orderBy[0][field]': 'create', 'orderBy[0][arrangement]': 'asc' };
  const { objects } = await reader.list(path, { ...all, ...order, limit: PAGE, offset: 0 });
  needsObjects(objects, 2);
  const instants = objects.map(({ create }) => instantOf(create));
  const sorted = instants.every((instant, i) => i === 0 || instant >= instants[i - 1]);
  expectEqual(sorted ? 'ordered' : 'another order', 'ordered', { harmless: true });
}

async function children(reader, { path, parent: [parentPath, field, objectName] }) {
  const parents = await reader.list(parentPath, { limit: SAMPLE, offset: 0 });
  needsObjects(parents.objects);
  const { id } = parents.objects[0];
  const only = { [`${field}[id]`]: id, [`${field}[objectName]`]: objectName };
  const { objects } = await reader.list(path, { ...only, limit: 1000, offset: 0 });
  const others = objects.filter((object) => String(object[field]?.id) !== String(id)).length;
  if (others > 0) throw new Difference({ expected: 'children of that object', came: `${others} of others` });
}

/** Values of other types are kept in `additional_fields` by the tap, so none is lost; the columns would be empty, though. */
async function fitsSchema(stream, objects) {
  const { properties } = JSON.parse(
    await readFile(new URL(`../../schemas/sevdesk/${stream}.json`, import.meta.url), 'utf8'),
  );
  const unfit = new Map();
  for (const object of objects)
    for (const [name, value] of Object.entries(object)) {
      const types = properties[name]?.type;
      if (types === undefined || value === null) continue;
      if (!fits(value, types))
        unfit.set(name, `${typeof value} instead of ${types.filter((type) => type !== 'null').join(' or ')}`);
    }
  if (unfit.size > 0)
    throw new Difference({
      expected: 'the types of the schema',
      came: [...unfit].map(([name, what]) => `${name}: ${what}`).join(', '),
    });
}

function fits(value, types) {
  // A reference is flattened, an empty list stands for none.
  if (types.includes('string') && ['number', 'boolean'].includes(typeof value)) return true;
  if (types.includes('number') || types.includes('integer')) return Number.isFinite(Number(value));
  if (types.includes('boolean')) return typeof value === 'boolean' || ['0', '1', 0, 1].includes(value);
  const type = Array.isArray(value) ? 'array' : typeof value;
  return types.includes(type);
}
