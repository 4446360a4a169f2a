import { columnNamesOf, snakeCase, tableNameOf } from './naming.js';

const settings = { database: 'sevdesk', schema: 'raw' };

describe('tableNameOf', () => {
  it.each([
    ['invoices', { database: 'SEVDESK', schema: 'RAW', table: 'INVOICES' }],
    ['crm-contacts', { database: 'SEVDESK', schema: 'CRM', table: 'CONTACTS' }],
    ['db-crm-contacts', { database: 'SEVDESK', schema: 'CRM', table: 'CONTACTS' }],
    ['a-b-c-d', { database: 'SEVDESK', schema: 'RAW', table: 'D' }],
    ['test:SpecialChars!in?attributes', { database: 'SEVDESK', schema: 'RAW', table: 'TESTSPECIALCHARSINATTRIBUTES' }],
    ['order', { database: 'SEVDESK', schema: 'RAW', table: 'ORDER' }],
    ['my stream.v2', { database: 'SEVDESK', schema: 'RAW', table: 'MY_STREAM_V2' }],
    ['2fa', { database: 'SEVDESK', schema: 'RAW', table: 'CFA' }],
    ['a--', { database: 'SEVDESK', schema: 'RAW', table: 'A__' }],
    ['日本', { database: 'SEVDESK', schema: 'RAW', table: '日本' }],
  ])('sends %j where the Python SDK sends it', (stream, expected) => {
    expect(tableNameOf(stream, settings)).toEqual(expected);
  });

  it('prefers default_target_schema over the name, and an override over all', () => {
    const withDefault = { ...settings, defaultTargetSchema: 'landing' };
    expect(tableNameOf('crm-contacts', withDefault).schema).toBe('LANDING');
    expect(tableNameOf('crm-contacts', withDefault, { schema: 'x', table: 'people-raw' })).toMatchObject({
      schema: 'X',
      table: 'PEOPLE-RAW',
    });
  });

  it('keeps hyphens together with use_raw_stream_names', () => {
    expect(tableNameOf('crm-contacts', { ...settings, useRawStreamNames: true })).toMatchObject({
      schema: 'RAW',
      table: 'CRM_CONTACTS',
    });
  });

  it('asks for a schema when nothing names one', () => {
    expect(() => tableNameOf('invoices', { database: 'd' })).toThrow(/default_target_schema/);
  });
});

describe('columnNamesOf', () => {
  it('upper-cases and otherwise keeps names', () => {
    expect([...columnNamesOf('s', ['id', 'clientName', 'a:b "c"', 'größe', 'x'.repeat(255)], {}).values()]).toEqual([
      'ID',
      'CLIENTNAME',
      'A:B "C"',
      'GRÖSSE',
      'X'.repeat(255),
    ]);
  });

  it('refuses names that differ by case only, naming both', () => {
    expect(() => columnNamesOf('s', ['Name', 'name'], {})).toThrow(/"Name" and "name" would both be column NAME/);
  });

  it('refuses a name that Snowflake cannot hold', () => {
    expect(() => columnNamesOf('s', ['x'.repeat(256)], {})).toThrow(/more than 255 characters/);
  });

  it('makes snake_case with normalise_casing', () => {
    expect(snakeCase('TEST_streamName')).toBe('test_stream_name');
    expect(snakeCase('createdAt')).toBe('created_at');
    expect(snakeCase('my-key')).toBe('my_key');
    expect(() => columnNamesOf('s', ['createdAt', 'created_at'], { normaliseCasing: true })).toThrow(/CREATED_AT/);
  });
});
