import fc from 'fast-check';
import { ExactNumber, exactnessOf, parseJson, type JsonObject, type RecordLine } from '@singer-io-ts/sdk';
import { parseType } from '../plan/column-type.js';
import { RecordCheck, type RecordCheckOptions } from './record-check.js';

const line = (text: string): RecordLine => ({
  stream: 's',
  record: JSON.parse(text) as JsonObject,
  version: undefined,
  timeExtracted: undefined,
  line: 7,
  bytes: { buffer: Buffer.from(`ü${text}ü`), start: 2, end: 2 + Buffer.byteLength(text) },
  isExact: exactnessOf(text),
});

function checkOf(type: string, options: Partial<RecordCheckOptions> = {}): RecordCheck {
  return new RecordCheck({
    stream: 's',
    properties: [{ property: 'v', column: { name: 'V', type: parseType(type), branches: [] } }],
    keys: [],
    onInexactNumber: 'refuse',
    maxRecordBytes: 1000,
    textLength: 20,
    validated: true,
    ...options,
  });
}

/** What is loaded for a value, as JSON text, or why it is refused. */
function outcome(type: string, value: string, options: Partial<RecordCheckOptions> = {}): string {
  try {
    const { buffer, start, end } = checkOf(type, options).check(line(`{"v":${value}}`));
    const { v } = parseJson(buffer.toString('utf8', start, end)) as JsonObject;
    return v instanceof ExactNumber ? v.text : JSON.stringify(v);
  } catch (error) {
    const { message } = error as Error;
    const [, reason = ''] = /^line 7: stream "s", property "v": the value (.*)$/.exec(message) ?? [];
    return reason === '' ? message : `refused: ${reason}`;
  }
}

describe('the check of a record', () => {
  it.each([
    // Instants, in the forms that Snowflake finds by itself and in others.
    ['TIMESTAMP_NTZ', '"2024-02-29T10:00:00Z"', '"2024-02-29T10:00:00Z"'],
    ['TIMESTAMP_NTZ', '"2024-02-29 10:00:00.123456789+05:30"', '"2024-02-29 10:00:00.123456789+05:30"'],
    ['TIMESTAMP_TZ', '"2024-02-29"', '"2024-02-29"'],
    ['TIMESTAMP_NTZ', '"2024-01-01T10:00:00-0330"', '"2024-01-01T10:00:00-03:30"'],
    ['TIMESTAMP_NTZ', '"2024-01-01T10:00:00+02"', '"2024-01-01T10:00:00+02:00"'],
    ['TIMESTAMP_NTZ', '"20240131T100203.5+0200"', '"2024-01-31T10:02:03.5+02:00"'],
    ['TIMESTAMP_NTZ', '"20240131T1002Z"', '"2024-01-31T10:02:00Z"'],
    ['TIMESTAMP_NTZ', '"20240131"', '"2024-01-31T00:00:00"'],
    ['TIMESTAMP_NTZ', '"20240230"', 'refused: is no date and time: a part of it is out of range'],
    ['TIMESTAMP_NTZ', '"2024-01-31T10:00:00,25Z"', '"2024-01-31T10:00:00.25Z"'],
    ['TIMESTAMP_NTZ', '"2024-01-31 10:00:00 UTC"', '"2024-01-31T10:00:00Z"'],
    ['TIMESTAMP_NTZ', '"2024-01-01 4:05:06"', '"2024-01-01T04:05:06"'],
    ['TIMESTAMP_NTZ', '"2024-01-01t10:00:00z"', '"2024-01-01T10:00:00Z"'],
    ['TIMESTAMP_NTZ', '"2024-01-01 10:00 +01:00"', '"2024-01-01T10:00:00+01:00"'],
    ['TIMESTAMP_NTZ', '"2024-01-01T10:00:00.12345678900Z"', '"2024-01-01T10:00:00.123456789Z"'],
    ['TIMESTAMP_NTZ', '"2023-12-31T24:00:00+01:00"', '"2024-01-01T00:00:00+01:00"'],
    ['TIMESTAMP_NTZ', '"2024-01-01T10:00:00.0123456789Z"', 'refused: has more than nine digits of a second'],
    ['TIMESTAMP_NTZ', '"2016-12-31T23:59:60Z"', 'refused: is a leap second, which Snowflake does not have'],
    ['TIMESTAMP_NTZ', '"12024-01-01T00:00:00Z"', 'refused: lies after the year 9999, the last that Snowflake has'],
    [
      'TIMESTAMP_TZ',
      '"9999-12-31T20:00:00-08:00"',
      'refused: lies, in UTC, outside of the years 0 to 9999 that Snowflake has',
    ],
    [
      'TIMESTAMP_TZ',
      '"0000-01-01T00:30:00+01:00"',
      'refused: lies, in UTC, outside of the years 0 to 9999 that Snowflake has',
    ],
    ['TIMESTAMP_TZ', '"9999-12-31T20:00:00"', '"9999-12-31T20:00:00"'],
    ['TIMESTAMP_NTZ', '"2023-02-29T00:00:00Z"', 'refused: names a day that its month does not have'],
    ['TIMESTAMP_NTZ', '"2024-01-01T24:00:01Z"', 'refused: is no date and time: a part of it is out of range'],
    [
      'TIMESTAMP_NTZ',
      '"Jan 1, 2024"',
      'refused: is no date and time as ISO 8601 writes them, such as 2024-01-31T10:00:00Z',
    ],
    ['TIMESTAMP_NTZ', '""', 'refused: is no date and time as ISO 8601 writes them, such as 2024-01-31T10:00:00Z'],
    // Days and times of day.
    ['DATE', '"2024-02-29"', '"2024-02-29"'],
    ['DATE', '"0004-02-29"', '"0004-02-29"'],
    ['DATE', '"20240229"', '"2024-02-29"'],
    ['DATE', '"20240230"', 'refused: names a day that its month does not have'],
    ['DATE', '"2024022"', 'refused: is no date as ISO 8601 writes it, such as 2024-01-31'],
    ['DATE', '"2024-02-29T00:00:00"', '"2024-02-29"'],
    [
      'DATE',
      '"2024-02-29T00:00:01"',
      'refused: has a time of day, which DATE cannot hold; the schema should say date-time',
    ],
    [
      'DATE',
      '"2024-02-29T00:00:00Z"',
      'refused: has a time of day, which DATE cannot hold; the schema should say date-time',
    ],
    ['DATE', '"2023-02-29"', 'refused: names a day that its month does not have'],
    ['TIME', '"23:59:59.999999999"', '"23:59:59.999999999"'],
    ['TIME', '"10:00"', '"10:00"'],
    ['TIME', '"10:00:00,25 UTC"', '"10:00:00.25"'],
    ['TIME', '"4:05:06.5"', '"04:05:06.5"'],
    ['TIME', '"34:05:06"', 'refused: is no time of day: a part of it is out of range'],
    ['TIME', '"10:00:00Z"', '"10:00:00"'],
    ['TIME', '"10:00:00.50+00"', '"10:00:00.5"'],
    ['TIME', '"10:00:00-07"', 'refused: has an offset from UTC, which TIME cannot hold'],
    ['TIME', '"10:00:60"', 'refused: is a leap second, which Snowflake does not have'],
    ['TIME', '"24:00:00"', 'refused: is 24:00, which TIME cannot hold'],
    ['TIME', '"10:61:00"', 'refused: is no time of day: a part of it is out of range'],
    // Bytes.
    ['BINARY', '"AAEC"', '"AAEC"'],
    ['BINARY', '""', '""'],
    ['BINARY', '"AA\\nEC\\r\\n"', '"AAEC"'],
    ['BINARY', '"_-8"', '"/+8="'],
    ['BINARY', '"AAE"', '"AAE="'],
    ['BINARY', '"AAECA"', 'refused: is not base64, which its contentEncoding says it is'],
    ['BINARY', '"A#EC"', 'refused: is not base64, which its contentEncoding says it is'],
    // Numbers of fixed digits.
    ['NUMBER(38,2)', '12.30', '12.3'],
    ['NUMBER(38,2)', '123456789012345678901234567890123456.78', '123456789012345678901234567890123456.78'],
    ['NUMBER(38,2)', '1.00000000000000000001', 'refused: has more digits than NUMBER(38,2) holds; it would be rounded'],
    ['NUMBER(38,2)', '0.015', 'refused: has more digits than NUMBER(38,2) holds; it would be rounded'],
    ['NUMBER(10,2)', '123456789', 'refused: has more digits before the point than NUMBER(10,2) holds'],
    ['NUMBER(38,0)', '1e400', 'refused: has more digits before the point than NUMBER(38,0) holds'],
    ['NUMBER(38,0)', '1.2345678901234567890e19', '12345678901234567890'],
    ['NUMBER(38,20)', '1.1e-1', '0.11'],
    ['NUMBER(38,37)', '1e-37', '1e-37'],
    ['NUMBER(38,2)', '"12.34"', '"12.34"'],
    ['NUMBER(38,2)', '" +12.34"', '"12.34"'],
    ['NUMBER(38,2)', '"NaN"', 'refused: is NaN or infinite, which no column of numbers holds'],
    ['NUMBER(38,2)', '"twelve"', 'refused: is no number, which its schema says it is'],
    // Numbers of any digits.
    ['FLOAT', '0.1', '0.1'],
    ['FLOAT', '0.30000000000000004', '0.30000000000000004'],
    ['FLOAT', '9007199254740992', '9007199254740992'],
    ['FLOAT', '1e300', '1e+300'],
    ['FLOAT', '1e400', 'refused: is beyond the range of FLOAT'],
    ['FLOAT', '-1e999', 'refused: is beyond the range of FLOAT'],
    ['DECFLOAT', '9007199254740993', '9007199254740993'],
    ['DECFLOAT', '1.5e-30', '1.5e-30'],
    ['DECFLOAT', '1.5e-40', '"0.00000000000000000000000000000000000000015"'],
    ['DECFLOAT', '2e5000', '"2e5000"'],
    ['DECFLOAT', '1e99999', 'refused: is beyond the range of DECFLOAT'],
    [
      'DECFLOAT',
      '1.2345678901234567890123456789012345678',
      'refused: has more than the 36 digits that DECFLOAT holds; it would be rounded',
    ],
    // Numbers inside of objects.
    ['VARIANT', '{"a":[12345678901234567890.12]}', '{"a":[12345678901234567000]}'],
    ['VARIANT', '{"a":1e400}', 'refused: holds a number beyond the range of VARIANT'],
  ])('%s, %s: %s', (type, value, expected) => {
    expect(outcome(type, value)).toBe(expected);
  });

  it('leaves digits that a FLOAT would lose to the column, which may be another, and rounds when told to', () => {
    for (const value of ['12345678901234567890123', '0.1234567890123456789', '9007199254740993']) {
      expect(outcome('FLOAT', value)).toBe(value);
    }
    expect(outcome('FLOAT', '1e400', { onInexactNumber: 'round' })).toMatch('beyond the range');
    expect(outcome('NUMBER(38,2)', '0.015', { onInexactNumber: 'round' })).toBe('0.015');
  });

  it.each([
    ['BOOLEAN', '"yes"', 'refused: is not true or false, which its schema says it is'],
    ['BOOLEAN', 'true', 'true'],
    ['TIMESTAMP_NTZ', '1700000000', 'refused: is not a text, which its schema says it is'],
    ['DATE', '17', 'refused: is not a text, which its schema says it is'],
    ['BINARY', '17', 'refused: is not a text, which its schema says it is'],
    ['NUMBER(38,0)', 'true', 'refused: is not a number, which its schema says it is'],
    ['FLOAT', '{}', 'refused: is not a number, which its schema says it is'],
    ['NUMBER(38,2)', '"1.5"', '"1.5"'],
    ['VARCHAR(20)', '1.5', '1.5'],
    ['VARCHAR(20)', '123456789012345678901234567890123456789', 'refused: holds a number of more than the 38 digits'],
  ])('never lets a cast guess where no validator looks: %s, %s', (type, value, expected) => {
    const property = { property: 'v', column: { name: 'V', type: parseType(type), branches: [] } };
    expect(outcome(type, value, { validated: false })).toMatch(expected);
    expect(outcome(type, value, { properties: [{ ...property, loose: true }] })).toMatch(expected);
  });

  it('never rounds a key, in which two rows could become one', () => {
    expect(outcome('NUMBER(38,2)', '0.011', { onInexactNumber: 'round', keys: [0] })).toMatch(
      /^refused: has more digits/,
    );
  });

  it('refuses a text that is no uuid where a column of uuids may be too short for it', () => {
    const uuids = { name: 'V', type: parseType('VARCHAR(36)'), branches: [], uuid: true };
    const options = { properties: [{ property: 'v', column: uuids }] };
    const [uuid, other] = ['"67E55044-10b1-426f-9247-bb680e5fe0c8"', `"${'x'.repeat(33)}"`];
    expect(outcome('', uuid, options)).toBe(uuid);
    expect(outcome('', '"none"', options)).toBe('"none"');
    expect(outcome('', other, options)).toBe('refused: is no uuid, which its schema says it is');
  });

  it('writes a number without an exponent that a VARIANT or VARCHAR would make a double', () => {
    const check = checkOf('FLOAT');
    const { buffer, start, end } = check.check(line('{"v":1.2345678901234567890e5}'));
    expect(buffer.toString('utf8', start, end)).toBe('{"v":123456.7890123456789}');
    check.takeInexact();
    check.check(line('{"v":1234567890123456789012345678901234567890}'));
    expect([...check.takeInexact()]).toEqual([[0, { float: 7, decfloat: 7, variant: 7 }]]);
  });

  it('writes long numbers inside of objects without their exponents', () => {
    const { buffer, start, end } = checkOf('VARIANT').check(line('{"v":{"a":1.2345678901234567890e5,"b":0.1}}'));
    expect(buffer.toString('utf8', start, end)).toBe('{"v":{"a":123456.7890123456789,"b":0.1}}');
  });

  it('remembers that there was a number which a FLOAT would change, as long as it is not known whether there is one', () => {
    const check = checkOf('FLOAT');
    check.check(line('{"v":1.5}'));
    expect(check.takeInexact().size).toBe(0);
    check.check(line('{"v":12345678901234567890123}'));
    expect([...check.takeInexact()]).toEqual([[0, { float: 7 }]]);
    expect(check.takeInexact().size).toBe(0);
  });

  it('remembers where digits of a second stood that a column may not keep, each once until it is told to forget', () => {
    const check = checkOf('TIMESTAMP_NTZ');
    const kinds = (value: string): string[] => {
      check.check(line(`{"v":"${value}"}`));
      return Object.keys(check.takeInexact().get(0) ?? {});
    };
    expect(kinds('2024-01-01T00:00:00.000Z')).toEqual([]);
    expect(kinds('2024-01-01T00:00:00.0120Z')).toEqual(['seconds(0)', 'seconds(1)', 'seconds(2)']);
    expect(kinds('2024-01-01T00:00:00.12Z')).toEqual([]);
    expect(kinds('2024-01-01T00:00:00.1234Z')).toContain('seconds(3)');
    check.forget();
    expect(kinds('2024-01-01t00:00:00.1z')).toEqual(['seconds(0)']);
  });

  it.each([
    ['DECFLOAT', '1234567890123456789012345678901234567890'],
    ['NUMBER(38,2)', '12345678901234567890123456789012345678.25'],
  ])('forgets a number that %s refuses: its record is not loaded', (type, value) => {
    const check = checkOf(type);
    expect(() => check.check(line(`{"v":${value}}`))).toThrow(/digits/);
    expect(check.takeInexact().size).toBe(0);
  });

  it('leaves the bytes of a record alone that needs no change', () => {
    const record = line('{"v":"2024-01-01T00:00:00Z", "other":  1e2}');
    expect(checkOf('TIMESTAMP_NTZ').check(record)).toBe(record.bytes);
  });

  it('takes every cent, which floating point arithmetic would not', () => {
    const check = checkOf('NUMBER(38,2)');
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e13 }), (cents) => void check.check(line(`{"v":${cents / 100}}`))),
    );
  });

  it('refuses a record, or a text, that is too long', () => {
    expect(() => checkOf('VARIANT').check(line(`{"v":"${'x'.repeat(2000)}"}`))).toThrow(
      /is 20\d\d bytes long; at most 1000/,
    );
    expect(outcome('VARCHAR(20)', `"${'😀'.repeat(20)}"`)).toMatch('😀');
    expect(outcome('VARCHAR(20)', `"${'x'.repeat(21)}"`)).toMatch(/^refused: has more characters than the 20/);
  });

  it('refuses a record that is too deep for its numbers to be read', () => {
    const [open, close] = ['['.repeat(50_000), ']'.repeat(50_000)];
    expect(() =>
      checkOf('VARIANT', { maxRecordBytes: 1e6 }).check(line(`{"v":${open}12345678901234567890${close}}`)),
    ).toThrow('line 7: record of stream "s" is nested too deeply to be read');
  });

  it('never takes what every object inherits for a value', () => {
    const check = new RecordCheck({
      stream: 's',
      properties: ['constructor', 'valueOf'].map((property) => ({
        property,
        column: { name: property, type: parseType('VARIANT'), branches: [] },
      })),
      keys: [],
      onInexactNumber: 'refuse',
      maxRecordBytes: 1000,
      textLength: 20,
      validated: true,
    });
    const record = line('{"long":12345678901234567890}');
    expect(check.check(record)).toBe(record.bytes);
  });
});
