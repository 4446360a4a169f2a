import type { Seconds } from './berlin-time.js';
import { berlinTimestamp } from './berlin-time.js';
import type { Company } from './company.js';
import { invoiceRecord } from './invoice-record.js';
import { positionRecord } from './position-records.js';
import type { WireRecord } from './wire.js';
import { firstIds } from './wire.js';

/**
 * Writes the invoices that come after the history: the same row of them for one company, dated on its last days so that
 * figures do not depend on the day of the run; only the times of creation and change are those of the moment.
 */
export class NewInvoices {
  #written = 0;

  constructor(private readonly company: Company) {}

  /** Goes on after so many invoices written earlier. */
  skip(count: number): void {
    this.#written += count;
  }

  write = (id: string, firstPositionId: string, at: Seconds): { invoice: WireRecord; positions: WireRecord[] } => {
    const { history, exchange } = this.company;
    const one = history.case(history.frame.cases + this.#written);
    this.#written += 1;
    const outline = one.invoices[0];
    if (outline === undefined) throw new RangeError('a new case has no invoice');
    const stamp = berlinTimestamp(at);
    const made = invoiceRecord(history, exchange, one, 0, Number(id) - firstIds.Invoice);
    const sent = made['sendDate'] === null ? {} : { sendDate: stamp, enshrined: stamp };
    const parent = {
      objectName: 'Invoice',
      id,
      create: at,
      update: at,
      date: outline.date,
      currency: one.content.currency,
    } as const;
    const lines = one.content.invoiceLines[0] ?? [];
    const positions = lines.map((line, position) =>
      positionRecord(parent, Number(firstPositionId) + position, line, position, exchange),
    );
    return { invoice: { ...made, ...sent, id, create: stamp, update: stamp }, positions };
  };
}
