import type { ChildDefinition } from '../sync/child-stream.js';
import { orders } from './orders.js';

/** Lines of orders. */
export const orderPositions: ChildDefinition = {
  name: 'order_positions',
  endpoint: '/OrderPos',
  parent: orders,
  parentField: 'order',
  parentObjectName: 'Order',
};
