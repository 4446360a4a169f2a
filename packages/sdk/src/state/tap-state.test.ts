import fc from 'fast-check';
import type { JsonObject } from '../json/json-value.js';
import { parseJson, stringifyJson } from '../json/lossless.js';
import { TapState } from './tap-state.js';

describe('TapState', () => {
  it('keeps everything it does not know, for any state', () => {
    const bookmarks = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), bookmarks, (rest, own) => {
        const value = JSON.parse(JSON.stringify({ ...rest, type: 'x', bookmarks: own })) as JsonObject;
        expect(stringifyJson(new TapState(value).toJSON())).toBe(stringifyJson(value));
      }),
    );
  });

  it('changes one stream and no other, and neither its input nor what it gave before', () => {
    const stream = fc.constantFrom('a', 'b', 'c');
    const change = fc.tuple(
      stream,
      fc.dictionary(fc.constantFrom('x', 'y'), fc.option(fc.integer(), { nil: undefined })),
    );
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const input = { bookmarks: { a: { x: 1 } } };
        const state = new TapState(input);
        const model: Record<string, Record<string, number | undefined>> = { a: { x: 1 } };
        for (const [name, values] of changes) {
          const before = JSON.stringify(state.toJSON());
          const given = state.toJSON();
          state.update(name, values);
          expect(JSON.stringify(state.toJSON())).toBe(before);
          state.keep([name]);
          model[name] = { ...model[name], ...values };
          expect(JSON.stringify(given)).toBe(before);
        }
        expect(JSON.parse(JSON.stringify(state.toJSON()))).toEqual({ bookmarks: JSON.parse(JSON.stringify(model)) });
        expect(input).toEqual({ bookmarks: { a: { x: 1 } } });
      }),
    );
  });

  it('keeps all digits of a bookmark', () => {
    const text = '{"bookmarks":{"s":{"id":12345678901234567890}}}';
    const state = new TapState(parseJson(text) as JsonObject);
    state.update('s', { other: undefined });
    expect(stringifyJson(state.toJSON())).toBe(text);
  });

  it('knows when there is nothing to write', () => {
    expect(new TapState().isEmpty).toBe(true);
    expect(new TapState({ bookmarks: {} }).isEmpty).toBe(true);
    expect(new TapState({ bookmarks: { s: {} } }).isEmpty).toBe(false);
  });

  it.each([
    [{ bookmarks: [] }],
    [{ bookmarks: { s: 1 } }],
    [{ type: 'STATE', value: {} }],
    [{ value: { bookmarks: {} } }],
  ])('refuses %j', (value) => {
    expect(() => new TapState(value as unknown as JsonObject)).toThrow(
      expect.objectContaining({ code: 'USAGE', exitCode: 2 }),
    );
  });
});
