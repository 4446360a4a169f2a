/** The id of the transaction that is open in the session. */
export const CURRENT_TRANSACTION = 'SELECT CURRENT_TRANSACTION() AS "ID"';

/** Ids are numbers; anything else is not put into a statement. */
const digits = (id: string): string => {
  if (!/^\d+$/.test(id)) throw new RangeError('the id of a transaction is a number');
  return id;
};

export const describeTransaction = (id: string): string => `DESCRIBE TRANSACTION ${digits(id)}`;
export const abortTransaction = (id: string): string => `SELECT SYSTEM$ABORT_TRANSACTION(${digits(id)})`;
