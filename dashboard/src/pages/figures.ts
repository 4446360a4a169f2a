/** The figures of the headline, each of which can be explained. */
export const FIGURES = ['total', 'invoice-count', 'open', 'overdue'] as const;

export type FigureName = (typeof FIGURES)[number];
