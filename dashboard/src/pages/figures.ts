/** The figures of the headline, each of which can be explained. */
const HEADLINE = ['total', 'invoice-count', 'open', 'overdue'] as const;

/** The tables and charts, whose figures can be explained just so. */
const TILES = ['trend', 'countries', 'cities', 'customers', 'receivables', 'currencies'] as const;

export const FIGURES = [...HEADLINE, ...TILES] as const;

export type FigureName = (typeof FIGURES)[number];
