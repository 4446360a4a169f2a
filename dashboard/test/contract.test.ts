import { MARTS } from '../src/marts.js';
import { readContract, readExposure } from './support/contract.js';

// Beside this, every browser test runs the dashboard's SQL on tables that are made from the contract and have nothing else.
it('reads only tables and columns that dbt promises', async () => {
  const contract = await readContract();
  const missing = Object.entries(MARTS).flatMap(([table, columns]) =>
    columns.filter((column) => !contract.get(table)?.has(column)).map((column) => `${table}.${column}`),
  );
  expect(missing).toEqual([]);
});

it('reads the tables that dbt names as those of the dashboard', async () => {
  expect([...(await readExposure('revenue_dashboard'))].sort()).toEqual(Object.keys(MARTS).sort());
});
