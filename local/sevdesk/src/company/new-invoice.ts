import type { Seconds } from './berlin-time.js';
import { berlinMidnight, berlinTimestamp } from './berlin-time.js';
import type { Company } from './company.js';
import { invoiceRecord } from './invoice-record.js';
import { positionRecord } from './position-records.js';
import type { WireRecord } from './wire.js';
import { firstIds } from './wire.js';

/**
 * Writes the invoices that come after the history: the same row of them for one company. A company whose last day was asked for
 * dates them on it, so that figures do not depend on the day of the run; one that follows the calendar dates them on the day.
 */
export class NewInvoices {
  #written = 0;

  constructor(
    private readonly company: Company,
    private readonly followsCalendar: boolean,
  ) {}

  /** Goes on after so many invoices written earlier. */
  skip(count: number): void {
    this.#written += count;
  }

  write = (id: string, firstPositionId: string, at: Seconds): { invoice: WireRecord; positions: WireRecord[] } => {
    const { history, exchange } = this.company;
    const drawn = history.case(history.frame.cases + this.#written);
    this.#written += 1;
    const [first] = drawn.invoices;
    if (first === undefined) throw new RangeError('a new case has no invoice');
    const outline = this.followsCalendar ? { ...first, date: berlinMidnight(at) } : first;
    const one = { ...drawn, invoices: [outline] };
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
