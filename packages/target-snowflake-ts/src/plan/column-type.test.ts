import { parseType, renderType, sameType } from './column-type.js';

describe('column types', () => {
  it.each([
    ['NUMBER(38,0)', 'NUMBER(38,0)'],
    ['NUMBER(12,2)', 'NUMBER(12,2)'],
    ['VARCHAR(16777216)', 'VARCHAR'],
    ['VARCHAR(36)', 'VARCHAR(36)'],
    ['FLOAT', 'FLOAT'],
    ['BOOLEAN', 'BOOLEAN'],
    ['BINARY(8388608)', 'BINARY'],
    ['DATE', 'DATE'],
    ['TIME(9)', 'TIME'],
    ['TIME(0)', 'TIME(0)'],
    ['TIMESTAMP_NTZ(3)', 'TIMESTAMP_NTZ(3)'],
    ['TIMESTAMP_TZ(6)', 'TIMESTAMP_TZ(6)'],
    ['TIMESTAMP_NTZ(9)', 'TIMESTAMP_NTZ'],
    ['TIMESTAMP_TZ(9)', 'TIMESTAMP_TZ'],
    ['TIMESTAMP_LTZ(9)', 'TIMESTAMP_LTZ'],
    ['VARIANT', 'VARIANT'],
    ['GEOGRAPHY', 'GEOGRAPHY'],
  ])('reads %s as DESCRIBE writes it and renders %s', (described, rendered) => {
    expect(renderType(parseType(described))).toBe(rendered);
    expect(sameType(parseType(described), parseType(rendered))).toBe(true);
  });
});
