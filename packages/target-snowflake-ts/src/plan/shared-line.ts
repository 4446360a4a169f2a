/**
 * Where a line of a file that several parts share names its part. What the line would be in a file of its own stands under that number:
 * `{"p":3,"3":{"n":line,…}}`.
 */
export const PART_OF_LINE = 'p';
