import type { KeyScanner } from '../src/domain/keyspace.js';

const unasked = () => Promise.reject(new Error('no key is read in this test'));

/** For members whose keys nobody reads in a test. */
export const NO_KEYSPACE: KeyScanner = {
  page: unasked,
  batch: unasked,
  valueSizes: unasked,
  changes: () => ({ [Symbol.asyncIterator]: () => ({ next: unasked }) }),
};
