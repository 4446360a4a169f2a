import fc from 'fast-check';
import { cloneJson } from './clone-json.js';
import { ExactNumber } from './exact-number.js';
import { exactnessOf, mayLoseDigits, parseJson, stringifyJson } from './lossless.js';

const digits = fc.array(fc.nat(9), { minLength: 1, maxLength: 40 }).map((list) => list.join(''));
/** Any JSON number as text. */
const numberText = fc
  .tuple(fc.boolean(), digits, fc.option(digits), fc.option(fc.integer({ min: -400, max: 400 })))
  .map(
    ([minus, whole, fraction, exponent]) =>
      `${minus ? '-' : ''}${whole.replace(/^0+(?=\d)/, '')}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  );

/** The value of a decimal text: integer digits and a power of ten without trailing zeros. */
function valueOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  let mantissa = BigInt(whole + fraction);
  let power = Number(exponent) - fraction.length;
  while (mantissa !== 0n && mantissa % 10n === 0n) {
    mantissa /= 10n;
    power += 1;
  }
  return mantissa === 0n ? '0' : `${sign}${mantissa}e${power}`;
}

describe('lossless JSON', () => {
  it('keeps the value of every number', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const written = stringifyJson(parseJson(`{"n":[${text}]}`));
        const [, out = ''] = /^\{"n":\[(.*)\]\}$/.exec(written) ?? [];
        expect(valueOf(out)).toBe(valueOf(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives plain numbers where a double holds all digits', () => {
    expect(parseJson('[1,0.1,-2.50,1e3,9007199254740993,0.30000000000000004,12345678901234567890.00]')).toEqual([
      1,
      0.1,
      -2.5,
      1000,
      new ExactNumber('9007199254740993'),
      0.30000000000000004,
      new ExactNumber('12345678901234567890.00'),
    ]);
  });

  it('round-trips any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(stringifyJson(parseJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps a property named __proto__, with exact numbers about it too', () => {
    for (const text of ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1},"n":12345678901234567890}']) {
      expect(stringifyJson(parseJson(text))).toBe(text);
      expect(stringifyJson(cloneJson(parseJson(text)))).toBe(text);
    }
  });

  it('writes exact numbers anywhere in a value and leaves undefined out', () => {
    const n = new ExactNumber('1.000000000000000000001');
    expect(stringifyJson({ a: { b: [n] }, c: undefined, d: 'x' })).toBe(
      '{"a":{"b":[1.000000000000000000001]},"d":"x"}',
    );
  });

  it('throws SyntaxError for what is no JSON, with long digits too', () => {
    expect(() => parseJson('{"a":')).toThrow(SyntaxError);
    expect(() => parseJson('{"a":12345678901234567890')).toThrow(SyntaxError);
  });

  it('copies deeply', () => {
    const value = { a: [{ b: 1 }], n: new ExactNumber('1'.repeat(30)) };
    const copy = cloneJson(value);
    (copy.a[0] as { b: number }).b = 2;
    expect(value.a[0]).toEqual({ b: 1 });
    expect(stringifyJson(copy)).toContain('1'.repeat(30));
  });
});

describe('mayLoseDigits', () => {
  it('finds exactly the texts with sixteen digits or points in a row from a digit on, wherever they stand, and long exponents', () => {
    const pattern = /\d[\d.]{15,}|\d[eE][+-]?\d{3}/;
    const piece = fc.oneof(
      fc.stringMatching(/^[0-9.]{0,20}$/),
      fc.stringMatching(/^[0-9.]{13,17}$/),
      fc.stringMatching(/^[a-z":,{}]{0,20}$/),
      fc.constantFrom('1e300', '2E-999', '1e+12', '.', '0.1'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(mayLoseDigits(text)).toBe(pattern.test(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('exactnessOf', () => {
  /** A number's digits without zeros around them, and the power of ten of the last one. */
  function significant(text: string): string {
    const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
    const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
    const digits = (whole + fraction).replace(/^0+/, '');
    const kept = digits.replace(/0+$/, '');
    return kept === '' ? '0' : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
  }

  const numbers = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.stringMatching(/^[1-9][0-9]{0,18}$/), fc.constant('0')),
      fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,18}$/)),
      fc.oneof(
        fc.constant(''),
        fc.integer({ min: -400, max: 400 }).map((power) => `e${power}`),
        fc.constantFrom('E+05', 'e-0307', 'e308', 'e-308', 'e-323', 'e-324', 'e309'),
      ),
    )
    .map((parts) => parts.join(''));

  it('is true only of numbers that are what their text says, whatever stands beside them', () => {
    const beside = fc.constantFrom('"text 1e400"', '7', '1e999', '0.1', 'null');
    fc.assert(
      fc.property(numbers, beside, (number, other) => {
        const text = `{"a":${other},"b":${number}}`;
        const { b } = JSON.parse(text) as { b: number };
        if (exactnessOf(text)(b)) expect(significant(String(b))).toBe(significant(number));
      }),
      { numRuns: 5000 },
    );
  });

  it('is true of usual numbers, also beside one that lies far off', () => {
    const isExact = exactnessOf('{"a":19.5,"b":1e400,"c":"text","d":[1]}');
    expect([19.5, Infinity, 'text', null, [1]].map(isExact)).toEqual([true, false, true, true, false]);
  });

  it('is false of every number beside a long one', () => {
    expect(exactnessOf('{"a":19.5,"b":12345678901234567}')(19.5)).toBe(false);
  });
});
