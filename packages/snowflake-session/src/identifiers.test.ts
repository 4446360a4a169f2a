import fc from 'fast-check';
import { quoteIdentifier, quoteLiteral, quoteTable } from './identifiers.js';

/** Reads a quoted identifier back as Snowflake's lexer does; undefined when the text is not exactly one identifier. */
function readIdentifier(sql: string): string | undefined {
  const match = /^"((?:[^"]|"")+)"$/su.exec(sql);
  return match?.[1]?.replaceAll('""', '"');
}

describe('quoteIdentifier', () => {
  it.each([
    'SELECT',
    'a b',
    'größe',
    'a:b',
    "it's",
    '$1',
    '"; DROP TABLE X; --',
    'a"b""c"',
    'a\nb',
    'x'.repeat(255),
    '😀',
    '\\',
  ])('makes %j one identifier', (name) => {
    expect(readIdentifier(quoteIdentifier(name))).toBe(name);
  });

  it('makes any name one identifier that reads back as the name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }), (name) => {
        expect(readIdentifier(quoteIdentifier(name))).toBe(name);
      }),
    );
  });

  it('refuses what Snowflake cannot hold', () => {
    expect(() => quoteIdentifier('')).toThrow('empty');
    expect(() => quoteIdentifier('x'.repeat(256))).toThrow('more than 255 characters');
    expect(quoteIdentifier('😀'.repeat(255))).toHaveLength(2 * 255 + 2);
  });

  it('quotes each part of a table name', () => {
    expect(quoteTable({ database: 'D.B', schema: 'S"', table: 'T' })).toBe('"D.B"."S"""."T"');
  });
});

describe('quoteLiteral', () => {
  it('doubles quotes and backslashes, so no text ends the literal early', () => {
    expect(quoteLiteral("it's")).toBe("'it''s'");
    expect(quoteLiteral("\\'; DROP TABLE X; --")).toBe("'\\\\''; DROP TABLE X; --'");
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inner = /^'((?:[^'\\]|''|\\\\)*)'$/su.exec(quoteLiteral(text))?.[1];
        expect(inner?.replaceAll("''", "'").replaceAll('\\\\', '\\')).toBe(text);
      }),
    );
  });
});
