import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What the command is, without loading what it does. */
export const command = {
  name: 'tap-sevdesk',
  version,
  description: 'Singer tap for sevDesk: invoices, contacts, orders, vouchers and what belongs to them',
  options: {
    record: {
      type: 'string' as const,
      requiresArg: true,
      describe: 'folder to which some of the answers are written, anonymised, for tests',
    },
  },
};
