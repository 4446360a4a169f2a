import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonObject } from '../json/json-value.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { envNameOf, loadConfig, loadConfigWithOrigins } from './load-config.js';
import { validateConfig } from './validate-config.js';

const configSchema: JsonSchema = {
  type: 'object',
  required: ['api_key'],
  properties: {
    api_key: { type: 'string', secret: true },
    page_size: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    full: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    since: { type: 'string', format: 'date-time' },
    mode: { enum: ['fast', 'safe'] },
    nested: { type: 'object', properties: { depth: { type: 'integer' } } },
    either: { type: ['string', 'object'] },
  },
};

const validate = (config: JsonObject): JsonObject =>
  validateConfig<JsonObject>({ plugin: 'tap-x', configSchema, config });

describe('settings', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const load = (sources: string[], env = {}): JsonObject => loadConfig({ plugin: 'tap-x', configSchema, sources, env });

  it('come from several files and the environment, later ones winning', () => {
    const a = file('a.json', '{"api_key":"a","page_size":1,"full":true}');
    const b = file('b.json', '{"page_size":2}');
    const env = { TAP_X_API_KEY: 'env', TAP_X_PAGE_SIZE: '3' };
    expect(load([a, b], env)).toEqual({ api_key: 'a', page_size: 2, full: true });
    expect(load([a, 'ENV', b], env)).toEqual({ api_key: 'env', page_size: 2, full: true });
    expect(load(['ENV'], env)).toEqual({ api_key: 'env', page_size: 3 });
  });

  it('in the environment are read as the schema says', () => {
    const env = {
      TAP_X_API_KEY: '123',
      TAP_X_FULL: 'Yes',
      TAP_X_TAGS: '["a"]',
      TAP_X_EITHER: '{no json',
      TAP_X_MODE: '',
      OTHER: 'x',
    };
    expect(load(['ENV'], env)).toEqual({ api_key: '123', full: true, tags: ['a'], either: '{no json' });
    expect(() => load(['ENV'], { TAP_X_TAGS: 'a,b' })).toThrow(
      /"tags" \(environment variable TAP_X_TAGS\) must be JSON/,
    );
  });

  it('get their defaults; empty ones count as not set', () => {
    expect(validate({ api_key: 'k', since: '', full: null })).toEqual({ api_key: 'k', page_size: 100 });
  });

  it.each<[string, JsonObject, string]>([
    ['missing', {}, 'setting "api_key" is missing; set it in the config file or as environment variable TAP_X_API_KEY'],
    ['mistyped', { api_key: 'k', pagesize: 1 }, 'unknown setting "pagesize"; did you mean "page_size"?'],
    ['unknown', { api_key: 'k', zzzzzzz: 1 }, 'unknown setting "zzzzzzz"; "tap-x --about" lists the settings'],
    [
      'of another type',
      { api_key: 'k', page_size: 'many' },
      'setting "page_size" (environment variable TAP_X_PAGE_SIZE) must be an integer',
    ],
    [
      'too large',
      { api_key: 'k', page_size: 1001 },
      'setting "page_size" (environment variable TAP_X_PAGE_SIZE) must be at most 1000',
    ],
    [
      'no date',
      { api_key: 'k', since: 'soon' },
      'setting "since" (environment variable TAP_X_SINCE) must match format "date-time"',
    ],
    [
      'not allowed',
      { api_key: 'k', mode: 'x' },
      'setting "mode" (environment variable TAP_X_MODE) must be one of fast, safe',
    ],
    [
      'wrong inside',
      { api_key: 'k', nested: { depth: 'x' } },
      'setting "nested.depth" (environment variable TAP_X_NESTED_DEPTH) must be an integer',
    ],
  ])('that are %s are refused in one line', (_title, config, message) => {
    expect(() => validate(config)).toThrow(expect.objectContaining({ code: 'CONFIG', exitCode: 2, message }));
  });

  it('are refused all at once, each with where it came from', () => {
    const options = {
      plugin: 'tap-x',
      configSchema,
      sources: [file('a.json', '{"page_size":0,"aip_key":"k","full":"maybe"}'), 'ENV', { nested: { depth: 'x' } }],
      env: { TAP_X_SINCE: 'soon' },
    };
    const a = path.join(folder, 'a.json');
    expect(() => validateConfig({ plugin: 'tap-x', configSchema, ...loadConfigWithOrigins(options) })).toThrow(
      expect.objectContaining({
        message: [
          `5 settings are wrong: (1) unknown setting "aip_key" in ${a}; did you mean "api_key"?`,
          `(2) setting "page_size" in ${a} (environment variable TAP_X_PAGE_SIZE) must be at least 1`,
          `(3) setting "full" in ${a} (environment variable TAP_X_FULL) must be a boolean`,
          '(4) setting "since" (environment variable TAP_X_SINCE) must match format "date-time"',
          '(5) setting "nested.depth" (environment variable TAP_X_NESTED_DEPTH) must be an integer',
        ].join('; '),
      }),
    );
  });

  it('with alternatives are told once, not once per alternative', () => {
    const alternatives: JsonSchema = {
      type: 'object',
      required: ['account'],
      properties: { account: { type: 'string' }, password: { type: 'string' }, key: { type: 'string' } },
      anyOf: [{ required: ['password'] }, { required: ['key'] }],
    };
    expect(() => validateConfig({ plugin: 'tap-x', configSchema: alternatives, config: {} })).toThrow(
      /^2 settings are wrong: (?=.*setting "account" is missing)(?=.*setting "password" is missing)(?!.*"key")/,
    );
  });

  it.each([
    ['a comma too many', '{\n  "api_key": "hunter2",\n}', 'line 3, column 1'],
    ['no JSON at all', 'api_key: hunter2', 'line 1, column 1'],
    ['an end that is missing', '{"api_key":\n"hunter2"', 'line 2, column 10'],
  ])('in a file with %s are refused with line and column', (_title, text, place) => {
    const broken = file('broken.json', text);
    expect(() => load([broken])).toThrow(
      expect.objectContaining({ message: `config file ${broken} is not valid JSON: see ${place}` }),
    );
  });

  it('are never shown in a message', () => {
    expect(() => validate({ api_key: 'hunter2', page_size: 'hunter2', mode: 'hunter2' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
    expect(() => load([file('bad.json', '{"api_key":"hunter2",}')])).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('in a file that is not there or no object are refused, naming the file', () => {
    expect(() => load([path.join(folder, 'none.json')])).toThrow(/none\.json cannot be read \(ENOENT\)/);
    expect(() => load([file('list.json', '[]')])).toThrow(/list\.json must contain a JSON object/);
  });

  it('have one environment variable each', () => {
    expect(envNameOf('tap-rest.api', 'start-date')).toBe('TAP_REST_API_START_DATE');
  });
});
