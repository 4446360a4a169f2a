import { scaleLinear } from 'd3-scale';

/** A vertical axis that holds 0 and every value; places are parts of its height, 0 at the bottom. */
export interface ColumnScale {
  readonly ticks: readonly { readonly value: number; readonly place: number }[];
  readonly zero: number;
  /** Where a column from 0 to the value stands. */
  column(value: number): { readonly bottom: number; readonly height: number };
}

export function makeColumnScale(values: readonly number[], tickCount = 4): ColumnScale {
  const lowest = Math.min(0, ...values);
  const highest = Math.max(0, ...values);
  const scale = scaleLinear()
    .domain(lowest === highest ? [0, 1] : [lowest, highest])
    .nice(tickCount)
    .range([0, 1]);
  const zero = scale(0);
  return {
    ticks: scale.ticks(tickCount).map((value) => ({ value, place: scale(value) })),
    zero,
    column: (value) => ({ bottom: Math.min(zero, scale(value)), height: Math.abs(scale(value) - zero) }),
  };
}
