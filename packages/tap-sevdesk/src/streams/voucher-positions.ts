import type { ChildDefinition } from '../sync/child-stream.js';
import { vouchers } from './vouchers.js';

/** Lines of vouchers. */
export const voucherPositions: ChildDefinition = {
  name: 'voucher_positions',
  endpoint: '/VoucherPos',
  parent: vouchers,
  parentField: 'voucher',
  parentObjectName: 'Voucher',
};
