import type { Seconds } from './berlin-time.js';
import { addBerlinDays, berlinInstant, berlinMidnight, DAY, summerTime } from './berlin-time.js';
import type { CaseKind } from './case-kinds.js';
import { caseKind, daysOfKind, isChain } from './case-kinds.js';
import { Random } from './random.js';

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
  /** Days. */
  readonly timeToPay: 14 | 30;
  /** What it was made from: the case's order, or one of its invoices. */
  readonly origin?: 'order' | number;
  /** Whether it was cancelled in full; sevDesk calls it paid then, without a payment. */
  readonly isCancelled?: true;
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

/** So many of the last cases begin on the history's last day, as far as they are plain: a month that has just begun has invoices, too. */
const CASES_OF_TODAY = 12;

/** When the case begins; some begin on the days on which date arithmetic goes wrong. */
function beginOf(frame: HistoryFrame, index: number, kind: CaseKind, random: Random): Seconds {
  const share = Math.pow((index + random.next()) / Math.max(frame.cases, 1), 0.85);
  const instant = Math.floor(frame.begin + share * (frame.end - frame.begin));
  const working = 27_000 + random.integer(0, 39_600);
  if (kind === 'plain' && index >= frame.cases - CASES_OF_TODAY && index < frame.cases) {
    const midnight = berlinMidnight(frame.end);
    return midnight + Math.floor(((frame.end - midnight) * (1 + frame.cases - index)) / (CASES_OF_TODAY + 2));
  }
  const year = new Date(instant * 1000).getUTCFullYear();
  const special = index % 97;
  let begin = berlinMidnight(instant) + working;
  if (special === 5) begin = berlinInstant(year, 1, 1, random.integer(0, 3599));
  else if (special === 6) begin = berlinInstant(year, 12, 31, 86_400 - random.integer(1, 3600));
  else if (special === 7) begin = summerTime(year)[0] + random.integer(-3600, 3600);
  else if (special === 8) begin = summerTime(year)[1] + random.integer(-3600, 3599);
  if (begin < frame.begin || begin > frame.end) begin = Math.min(Math.max(instant, frame.begin), frame.end);
  const days = daysOfKind(kind);
  if (days === 0 || begin <= frame.end - days * DAY) return begin;
  return Math.max(frame.begin, begin - (days + random.integer(0, 10)) * DAY);
}

/** After how many days a customer pays: mostly in time, sometimes a little late, seldom very late. */
function daysUntilPaid(timeToPay: number, random: Random): number {
  const drawn = random.next();
  if (drawn < 0.9) return random.integer(timeToPay / 2, timeToPay);
  return timeToPay + (drawn < 0.98 ? random.integer(1, 9) : random.integer(10, 35));
}

/** Once a month, at 03:00:00, a job touches many invoices in the same second. */
function nextMonthlyJob(instant: Seconds): Seconds {
  const date = new Date(instant * 1000);
  return berlinInstant(date.getUTCFullYear(), date.getUTCMonth() + 2, 1, 10_800);
}

class OutlineDraw {
  constructor(
    readonly random: Random,
    private readonly end: Seconds,
  ) {}

  /** What would lie beyond the history's end happens in its last hours instead. */
  clip = (instant: Seconds): Seconds => (instant <= this.end ? instant : this.end - (instant % 28_800));

  invoice(type: InvoiceType, begin: Seconds, { status, lines, paidAfterDays, origin }: Drawn = {}): InvoiceOutline {
    const { random, end, clip } = this;
    const date =
      type === 'RE' && random.chance(0.1)
        ? addBerlinDays(berlinMidnight(begin), -random.integer(1, 12))
        : berlinMidnight(begin);
    const timeToPay = random.pick([14, 30, 30, 14] as const);
    const days = paidAfterDays ?? daysUntilPaid(timeToPay, random);
    const paidOn = addBerlinDays(date, days) + DAY / 2;
    const reached = status ?? (paidOn <= end ? 1000 : random.chance(0.07) ? 750 : 200);
    const paid = reached === 750 || reached === 1000;
    const payDate = paid ? Math.max(begin, clip(paidOn)) : undefined;
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
      timeToPay,
      ...(origin === undefined ? {} : { origin }),
    };
  }

  /** A cancellation of the invoice at `origin`, over everything or a part. */
  cancellation(begin: Seconds, lines: number, origin: number): InvoiceOutline {
    const status = this.random.chance(0.9) ? 1000 : 200;
    return { ...this.invoice('SR', begin, { status, lines, origin }), date: berlinMidnight(begin), payDate: undefined };
  }
}

/** What of an invoice is given rather than drawn. */
interface Drawn {
  readonly status?: InvoiceStatus;
  readonly lines?: number;
  readonly paidAfterDays?: number;
  readonly origin?: 'order' | number;
}

const cancelledOn = (invoice: InvoiceOutline, update: Seconds): InvoiceOutline => ({
  ...invoice,
  status: 1000,
  payDate: undefined,
  update,
  isCancelled: true,
});

/** The invoices of a chain: their types and on which days after its begin they are written. */
const CHAINS: Partial<Record<CaseKind, readonly (readonly ['TR' | 'AR' | 'ER', number])[]>> = {
  'chain-contained': [['AR', 2], ['ER', 35]],
  'chain-remainder': [['TR', 10], ['TR', 25], ['ER', 45]],
  'chain-deducted': [['AR', 3], ['ER', 40]],
  'chain-rebate': [['TR', 10], ['ER', 40]],
  'chain-several': [['AR', 2], ['AR', 20], ['AR', 40], ['ER', 60]],
  'chain-two-finals': [['AR', 2], ['ER', 30], ['ER', 60]],
  'chain-orderless': [['AR', 2], ['ER', 35]],
  'chain-foreign': [['AR', 2], ['ER', 35]],
  'chain-running': [['AR', 2], ['TR', 20]],
  'chain-measured': [['TR', 5], ['ER', 40]],
  'chain-odd': [['TR', 10], ['ER', 30]],
}; // prettier-ignore

/** Kinds whose final invoice has the lines of the order, so that their number is drawn. */
const REPEATS_ORDER: readonly CaseKind[] = [
  'chain-contained',
  'chain-deducted',
  'chain-several',
  'chain-orderless',
  'chain-foreign',
];

/** Outlines one case: which invoices, when, in which status. Cheap, and needs no other case. */
export function outlineCase(
  frame: HistoryFrame,
  index: number,
  kind: CaseKind = caseKind(frame.seed, index),
): CaseOutline {
  const random = new Random(frame.seed, STREAM, index);
  const begin = beginOf(frame, index, kind, random);
  const draw = new OutlineDraw(random, frame.end);
  const invoices = isChain(kind) ? chainInvoices(kind, begin, draw) : otherInvoices(kind, begin, draw);
  return { index, kind, customer: random.integer(0, Math.max(frame.customers - 1, 0)), begin, invoices };
}

/** Moments of one case, each at or after the one before. */
function following(begin: Seconds, { random, clip }: OutlineDraw): (days: number) => Seconds {
  let last = begin;
  return (days) => (last = Math.max(last, clip(begin + days * DAY + random.integer(0, 7200))));
}

function chainInvoices(kind: CaseKind, begin: Seconds, draw: OutlineDraw): InvoiceOutline[] {
  const later = following(begin, draw);
  const origin = 'order';
  if (kind === 'chain-part-cancelled') {
    const wrong = draw.invoice('AR', later(2), { lines: 1, origin });
    const cancelled = later(12);
    return [
      cancelledOn(wrong, cancelled),
      draw.cancellation(cancelled, 1, 0),
      draw.invoice('AR', later(15), { lines: 1, origin }),
      draw.invoice('ER', later(45), { lines: 1, origin }),
    ];
  }
  return (CHAINS[kind] ?? []).map(([type, days]) => {
    const repeats = type === 'ER' && REPEATS_ORDER.includes(kind);
    const lines = repeats ? draw.random.integer(1, 4) + (kind === 'chain-deducted' ? 1 : 0) : 1;
    return draw.invoice(type, later(days), { lines, origin });
  });
}

function otherInvoices(kind: CaseKind, begin: Seconds, draw: OutlineDraw): InvoiceOutline[] {
  const { random } = draw;
  const later = following(begin, draw);
  switch (kind) {
    case 'offer':
    case 'provision':
      return [];
    case 'draft':
      return [draw.invoice('RE', begin, { status: 100 })];
    case 'cancelled':
    case 'odd-credited-cancelled': {
      const original = draw.invoice('RE', begin);
      const cancelled = later(random.integer(1, kind === 'cancelled' ? 40 : 10));
      return [cancelledOn(original, Math.max(begin, cancelled)), draw.cancellation(cancelled, original.lines, 0)];
    }
    case 'cancelled-in-part':
      return [draw.invoice('RE', begin, { lines: 1 }), draw.cancellation(later(random.integer(3, 30)), 1, 0)];
    case 'cancelled-in-steps': {
      const original = draw.invoice('RE', begin, { lines: 1 });
      const [first, second] = [later(random.integer(3, 15)), later(random.integer(16, 40))];
      return [cancelledOn(original, second), draw.cancellation(first, 1, 0), draw.cancellation(second, 1, 0)];
    }
    case 'reminded':
      return [
        draw.invoice('RE', begin, { paidAfterDays: random.integer(34, 44) }),
        draw.invoice('MA', later(32), { status: random.pick([100, 200, 1000]), lines: 1, origin: 0 }),
      ];
    case 'recurring': {
      const status = random.chance(0.4) ? 50 : random.chance(0.5) ? 100 : 200;
      return [
        draw.invoice('WKR', begin, { status, lines: 1 }),
        draw.invoice('RE', later(31), { lines: 1, origin: 0 }),
        draw.invoice('RE', later(62), { lines: 1, origin: 0 }),
      ];
    }
    case 'odd-same-number': {
      const original = draw.invoice('RE', begin);
      return [original, draw.invoice('RE', later(1), { lines: original.lines })];
    }
    case 'credited-in-full':
      return [draw.invoice('RE', begin, { lines: 1 })];
    default:
      return [draw.invoice('RE', begin)];
  }
}
