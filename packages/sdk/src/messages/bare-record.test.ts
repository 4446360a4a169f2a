import { RecordError } from '../errors/record-error.js';
import { parseBareRecord } from './bare-record.js';

const parse = (text: string) => parseBareRecord(text, { stream: 's', line: 7 });

describe('a record that is a line by itself', () => {
  it('is read', () => {
    expect(parse('{"a":[1,null],"b":"\\ud83d\\ude00"}')).toEqual({ a: [1, null], b: '😀' });
  });

  it.each([
    ['{"a":1,"b":-Infinity}', 'line 7 holds -Infinity in property "b", which JSON does not have', 'b'],
    ['{"a":"\\ud800"}', 'line 7 has a string with half of a surrogate pair', undefined],
    ['[1]', 'line 7 is not a JSON object', undefined],
    ['null', 'line 7 is not a JSON object', undefined],
  ])('%s can be put aside', (text, message, property) => {
    const refused = (): unknown => parse(text);
    expect(refused).toThrow(message);
    expect(refused).toThrow(RecordError);
    expect(refused).toThrow(expect.objectContaining({ stream: 's', line: 7, property }));
  });

  it('is an error of the file when it is not JSON', () => {
    expect(() => parse('{"a":"NaN')).toThrow(
      expect.objectContaining({ code: 'PROTOCOL', message: 'line 7 is not valid JSON' }),
    );
  });
});
