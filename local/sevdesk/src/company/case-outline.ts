import type { Seconds } from './berlin-time.js';
import { addBerlinDays, berlinInstant, berlinMidnight, DAY, summerTime } from './berlin-time.js';
import { Random } from './random.js';

/**
 * The company's history is a row of cases: what one customer and the company have to do with each other over one piece of
 * work. A case has up to three invoices, and maybe an order and a credit note.
 */
export type CaseKind =
  | 'plain'
  | 'draft'
  | 'cancelled'
  | 'reminded'
  | 'recurring'
  | 'credited'
  | 'offer'
  | 'provision'
  /** An advance invoice; the final one repeats the whole order, so the advance is contained in it. */
  | 'chain-contained'
  /** Two partial invoices; the final one bills the rest, so all three add up to the order. */
  | 'chain-remainder'
  /** A partial and a final invoice that agree with their order in neither way. */
  | 'chain-odd';

export type InvoiceType = 'RE' | 'WKR' | 'SR' | 'MA' | 'TR' | 'AR' | 'ER';
export type InvoiceStatus = 50 | 100 | 200 | 750 | 1000;

export interface InvoiceOutline {
  readonly type: InvoiceType;
  readonly status: InvoiceStatus;
  /** Berlin midnight of the invoice date. */
  readonly date: Seconds;
  readonly create: Seconds;
  readonly update: Seconds;
  readonly payDate: Seconds | undefined;
  readonly lines: number;
}

export interface CaseOutline {
  readonly index: number;
  readonly kind: CaseKind;
  readonly customer: number;
  readonly begin: Seconds;
  readonly invoices: readonly InvoiceOutline[];
}

/** What an outline is drawn from. */
export interface HistoryFrame {
  readonly seed: number;
  readonly cases: number;
  readonly customers: number;
  readonly begin: Seconds;
  readonly end: Seconds;
}

const STREAM = 10;

const SHARES: readonly (readonly [CaseKind, number])[] = [
  ['plain', 57],
  ['draft', 6],
  ['cancelled', 7],
  ['reminded', 5],
  ['recurring', 3],
  ['credited', 6],
  ['offer', 6],
  ['provision', 2],
  ['chain-contained', 4],
  ['chain-remainder', 3],
  ['chain-odd', 1],
];
const KINDS = SHARES.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));

/** Every hundred cases in a row hold each kind in its full share, so small companies have them all too. */
export const caseKind = (seed: number, index: number): CaseKind => KINDS[(index * 37 + (seed % 100)) % 100] ?? 'plain';

const INVOICES: Partial<Record<CaseKind, number>> = {
  cancelled: 2,
  reminded: 2,
  recurring: 3,
  offer: 0,
  provision: 0,
  'chain-contained': 2,
  'chain-remainder': 3,
  'chain-odd': 2,
};

export const invoicesOfKind = (kind: CaseKind): number => INVOICES[kind] ?? 1;

/** When the case begins; some begin on the days on which date arithmetic goes wrong. */
function beginOf(frame: HistoryFrame, index: number, random: Random): Seconds {
  const share = Math.pow((index + random.next()) / Math.max(frame.cases, 1), 0.85);
  const instant = Math.floor(frame.begin + share * (frame.end - frame.begin));
  const working = 27_000 + random.integer(0, 39_600);
  const year = new Date(instant * 1000).getUTCFullYear();
  const special = index % 97;
  let begin = berlinMidnight(instant) + working;
  if (special === 5) begin = berlinInstant(year, 1, 1, random.integer(0, 3599));
  else if (special === 6) begin = berlinInstant(year, 12, 31, 86_400 - random.integer(1, 3600));
  else if (special === 7) begin = summerTime(year)[0] + random.integer(-3600, 3600);
  else if (special === 8) begin = summerTime(year)[1] + random.integer(-3600, 3599);
  return begin < frame.begin || begin > frame.end ? Math.min(Math.max(instant, frame.begin), frame.end) : begin;
}

function settle(age: Seconds, random: Random): 200 | 750 | 1000 {
  const drawn = random.next();
  const [paid, partly] = age > 60 * DAY ? [0.93, 0.96] : age > 20 * DAY ? [0.6, 0.68] : [0.15, 0.2];
  return drawn < paid ? 1000 : drawn < partly ? 750 : 200;
}

/** Once a month, at 03:00:00, a job touches many invoices in the same second. */
function nextMonthlyJob(instant: Seconds): Seconds {
  const date = new Date(instant * 1000);
  return berlinInstant(date.getUTCFullYear(), date.getUTCMonth() + 2, 1, 10_800);
}

class OutlineDraw {
  constructor(
    private readonly random: Random,
    private readonly end: Seconds,
  ) {}

  /** What would lie beyond the history's end happens in its last hours instead. */
  clip = (instant: Seconds): Seconds => (instant <= this.end ? instant : this.end - (instant % 28_800));

  invoice(type: InvoiceType, begin: Seconds, status?: InvoiceStatus, lines?: number): InvoiceOutline {
    const { random, end, clip } = this;
    const date =
      type === 'RE' && random.chance(0.1)
        ? addBerlinDays(berlinMidnight(begin), -random.integer(1, 12))
        : berlinMidnight(begin);
    const reached = status ?? settle(end - begin, random);
    const paid = reached === 750 || reached === 1000;
    const payDate = paid
      ? Math.max(begin, clip(addBerlinDays(berlinMidnight(begin), random.integer(2, 40)) + DAY / 2))
      : undefined;
    let update = payDate === undefined ? begin + random.integer(2, 900) : payDate + random.integer(60, 80_000);
    if (random.chance(0.05) && nextMonthlyJob(update) <= end) update = nextMonthlyJob(update);
    return {
      type,
      status: reached,
      date,
      create: begin,
      update: Math.max(begin, clip(update)),
      payDate,
      lines: lines ?? random.integer(1, 4),
    };
  }
}

/** Outlines one case: which invoices, when, in which status. Cheap, and needs no other case. */
export function outlineCase(
  frame: HistoryFrame,
  index: number,
  kind: CaseKind = caseKind(frame.seed, index),
): CaseOutline {
  const random = new Random(frame.seed, STREAM, index);
  const begin = beginOf(frame, index, random);
  const draw = new OutlineDraw(random, frame.end);
  let last = begin;
  const later = (days: number): Seconds =>
    (last = Math.max(last, draw.clip(begin + days * DAY + random.integer(0, 7200))));
  const invoices: InvoiceOutline[] = [];
  switch (kind) {
    case 'offer':
    case 'provision':
      break;
    case 'draft':
      invoices.push(draw.invoice('RE', begin, 100));
      break;
    case 'cancelled': {
      const original = draw.invoice('RE', begin, 1000);
      const cancelled = later(random.integer(1, 40));
      invoices.push({ ...original, payDate: undefined, update: Math.max(begin, cancelled) });
      invoices.push({
        ...draw.invoice('SR', cancelled, random.chance(0.9) ? 1000 : 200, original.lines),
        date: berlinMidnight(cancelled),
      });
      break;
    }
    case 'reminded':
      invoices.push(draw.invoice('RE', begin, random.chance(0.5) ? 200 : 1000));
      invoices.push(draw.invoice('MA', later(30), random.pick([100, 200, 1000]), 1));
      break;
    case 'recurring': {
      const template = draw.invoice('WKR', begin, random.chance(0.4) ? 50 : random.chance(0.5) ? 100 : 200, 1);
      invoices.push(template, draw.invoice('RE', later(31), undefined, 1), draw.invoice('RE', later(62), undefined, 1));
      break;
    }
    case 'chain-contained':
      invoices.push(draw.invoice('AR', later(2), undefined, 1), draw.invoice('ER', later(35)));
      break;
    case 'chain-remainder':
      invoices.push(
        draw.invoice('TR', later(10), undefined, 1),
        draw.invoice('TR', later(25), undefined, 1),
        draw.invoice('ER', later(45), undefined, 1),
      );
      break;
    case 'chain-odd':
      invoices.push(draw.invoice('TR', later(10), undefined, 1), draw.invoice('ER', later(30), undefined, 1));
      break;
    default:
      invoices.push(draw.invoice('RE', begin));
  }
  return { index, kind, customer: random.integer(0, Math.max(frame.customers - 1, 0)), begin, invoices };
}
