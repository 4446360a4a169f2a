/**
 * The company's history is a row of cases: what one customer and the company have to do with each other over one piece of
 * work. A case has up to four invoices, and maybe an order and a credit note.
 */
export type CaseKind = keyof typeof KINDS;

/** A kind of case. */
interface KindFacts {
  /** Of a hundred cases in a row. */
  readonly share: number;
  /** How many invoices it has. @default 1 */
  readonly invoices?: number;
  /** How many days pass from its first document to its last; a case begins early enough to be complete. @default 0 */
  readonly days?: number;
  /** @default false */
  readonly hasOrder?: boolean;
  /** @default false */
  readonly hasCreditNote?: boolean;
}

const kinds = <Name extends string>(facts: Record<Name, KindFacts>): Record<Name, KindFacts> => facts;

const KINDS = kinds({
  plain: { share: 44 },
  draft: { share: 5 },
  cancelled: { share: 5, invoices: 2, days: 40 },
  /** Less was delivered: a cancellation takes off a part. */
  'cancelled-in-part': { share: 2, invoices: 2, days: 30 },
  /** Two cancellations that take off everything together. */
  'cancelled-in-steps': { share: 1, invoices: 3, days: 40 },
  reminded: { share: 4, invoices: 2, days: 33 },
  recurring: { share: 3, invoices: 3, days: 63 },
  credited: { share: 5, hasCreditNote: true },
  'credited-in-full': { share: 1, hasCreditNote: true },
  offer: { share: 6, invoices: 0, hasOrder: true },
  provision: { share: 2, invoices: 0, hasCreditNote: true },
  /** An advance invoice; the final one repeats the whole order, so the advance is contained in it. */
  'chain-contained': { share: 4, invoices: 2, days: 36, hasOrder: true },
  /** Two partial invoices; the final one bills the rest, so all three add up to the order. */
  'chain-remainder': { share: 4, invoices: 3, days: 46, hasOrder: true },
  /** The final invoice repeats the order and takes the advance off in a line that names it. */
  'chain-deducted': { share: 2, invoices: 2, days: 41, hasOrder: true },
  /** The final invoice bills the rest with a rebate. */
  'chain-rebate': { share: 1, invoices: 2, days: 41, hasOrder: true },
  'chain-several': { share: 2, invoices: 4, days: 61, hasOrder: true },
  /** Two final invoices, each over half of the order; the first contains the advance. */
  'chain-two-finals': { share: 1, invoices: 3, days: 61, hasOrder: true },
  /** The first advance invoice was wrong: cancelled and written anew, over less. */
  'chain-part-cancelled': { share: 1, invoices: 4, days: 46, hasOrder: true },
  /** Somebody deleted the order. */
  'chain-orderless': { share: 1, invoices: 2, days: 36 },
  'chain-foreign': { share: 2, invoices: 2, days: 36, hasOrder: true },
  /** Work goes on: there is no final invoice yet. */
  'chain-running': { share: 1, invoices: 2, days: 21, hasOrder: true },
  /** Billed by measure: part and rest come to a little more than the order. */
  'chain-measured': { share: 1, invoices: 2, days: 41, hasOrder: true },
  /** A partial and a final invoice that agree with their order in neither way. */
  'chain-odd': { share: 1, invoices: 2, days: 31, hasOrder: true },
  /** What somebody has to look at, each once in four hundred cases. */
  'odd-same-number': { share: 1, invoices: 2, days: 2 },
  'odd-no-rate': { share: 0 },
  'odd-service-date': { share: 0 },
  'odd-credited-cancelled': { share: 0, invoices: 2, days: 40, hasCreditNote: true },
});

const ROW = (Object.entries(KINDS) as [CaseKind, KindFacts][]).flatMap(([kind, { share }]) =>
  Array.from({ length: share }, () => kind),
);
const ODD = (Object.keys(KINDS) as CaseKind[]).filter((kind) => kind.startsWith('odd'));

/** Every hundred cases in a row hold each kind in its full share, so small companies have them all too. */
export function caseKind(seed: number, index: number): CaseKind {
  const kind = ROW[(index * 37 + (seed % 100)) % 100] ?? 'plain';
  return kind === 'odd-same-number' ? (ODD[Math.floor(index / 100) % ODD.length] ?? kind) : kind;
}

export const invoicesOfKind = (kind: CaseKind): number => KINDS[kind].invoices ?? 1;
export const daysOfKind = (kind: CaseKind): number => KINDS[kind].days ?? 0;
export const hasOrder = (kind: CaseKind): boolean => KINDS[kind].hasOrder ?? false;
export const hasCreditNote = (kind: CaseKind): boolean => KINDS[kind].hasCreditNote ?? false;
export const isChain = (kind: CaseKind): boolean => kind.startsWith('chain');
