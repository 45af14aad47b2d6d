import { otherMessage } from '../blocks/refusal.js';
import type { Command } from '../command.js';

const fix: Command = {
  summary: 'propose to make room in a full cluster; nothing starts before it is approved',
  usage: '/etcd fix [cluster] [--reason TEXT]',
  right: 'propose',
  cluster: 'one',
  examples: ['/etcd fix calico-prod', '/etcd fix calico-prod --reason "pods do not start"'],
  options: [{ name: 'reason', value: 'TEXT', summary: 'why, for the approvers and for the record' }],
  asks: { job: 'propose', facts: () => [] },
  render: otherMessage,
};

export default fix;
