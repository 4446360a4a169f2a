/** What a check can come to, in the order of the table's columns. */
export const OUTCOMES = ['holds', 'differs', 'not permitted', 'not tried'];
