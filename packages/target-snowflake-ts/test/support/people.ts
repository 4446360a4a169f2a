import { messagesOf } from './messages.js';
import type { Settings } from './run-target.js';
import type { Sandbox } from './sandbox.js';

/** A stream of people with a key and a replication key. */
export const people = messagesOf('people', {
  bookmark_properties: ['changed'],
  properties: {
    id: { type: 'integer' },
    name: { type: ['null', 'string'] },
    changed: { type: ['null', 'string'], format: 'date-time' },
  },
});

export const person = (id: number, name: string | null, changed: string | null = null, more: object = {}): object =>
  people.record({ id, name, changed }, more);

/** Key and name of the rows in table PEOPLE, in order. */
export const peopleIn = async (sandbox: Sandbox, config: Settings, where = 'TRUE'): Promise<string[]> =>
  (
    await sandbox.query(
      `SELECT "ID", "NAME" FROM ${sandbox.table(config, 'PEOPLE')} WHERE ${where} ORDER BY "ID", "NAME"`,
    )
  ).map(({ ID, NAME }) => `${String(ID)}:${String(NAME)}`);
