import type { Keyspace } from '../src/domain/keyspace.js';

/** For members whose keys nobody reads in a test. */
export const NO_KEYSPACE: Keyspace = {
  page: () => Promise.reject(new Error('no key is read in this test')),
};
