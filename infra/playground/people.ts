import type { LocalUser } from '../local/slack/index.js';

/** Who plays along. The first one is the one that the page acts as. */
export const PEOPLE: LocalUser[] = [
  { name: 'olga', realName: 'Olga Operator' },
  { name: 'anna', realName: 'Anna Approver' },
  { name: 'ben', realName: 'Ben Approver' },
  { name: 'nora', realName: 'Nora Nobody' },
];
