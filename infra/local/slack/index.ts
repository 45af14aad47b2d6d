export type { Delivery } from './deliveries.js';
export type { Acked, Driver, Submitted, ViewValues } from './driver/types.js';
export type { Faults, FaultOptions, FaultStatus, LoggedCall } from './faults.js';
export { startPlainSlack, type PlainSlack } from './plain.js';
export { startSlack, type LocalSlack } from './start.js';
export type * from './types.js';
