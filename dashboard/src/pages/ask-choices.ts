import type { Choices } from '../queries/choices.js';
import { choicesQuery } from '../queries/choices.js';
import { customerNameQuery } from '../queries/customers.js';
import type { Scope } from '../queries/scope.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { ask } from '../warehouse/warehouse.js';

/** What the filters offer, with the name of the customer that is filtered by. */
export async function askChoices(warehouse: Warehouse, scope: Scope): Promise<Choices> {
  const { customer } = scope.filters;
  const [offered, customerName] = await Promise.all([
    ask(warehouse, choicesQuery(scope)),
    customer === undefined ? null : ask(warehouse, customerNameQuery(scope, customer)),
  ]);
  return { ...offered, ...(customerName !== null && { customerName }) };
}
