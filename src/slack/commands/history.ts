import { historyMessage } from '../blocks/history.js';
import type { Command } from '../command.js';

const history: Command = {
  summary: 'the audit trail: who asked, decided and did what, and when',
  usage: '/etcd history [cluster] [--who USER] [--day YYYY-MM-DD] [--export]',
  right: 'read',
  cluster: 'maybe',
  examples: [
    '/etcd history',
    '/etcd history calico-prod --day yesterday',
    '@steward history --who @olga --export',
  ],
  options: [
    {
      name: 'who',
      value: 'USER',
      summary: 'only what this person did: a member id, `U0123ABCD`, or a mention',
    },
    { name: 'day', value: 'DAY', summary: 'only one day (UTC): `2026-11-23`, `today` or `yesterday`' },
    { name: 'export', summary: 'everything found as a file, each entry provable' },
  ],
  asks: { job: 'list-history', facts: () => [] },
  render: historyMessage,
};

export default history;
