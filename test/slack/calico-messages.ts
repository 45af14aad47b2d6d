import check from '../../src/checks/ip-pools.js';
import type { Answer } from '../../src/domain/answer.js';
import type { AddressUse } from '../../src/domain/calico/facts.js';
import { unknown } from '../../src/domain/fact.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { calicoMessage } from '../../src/slack/blocks/calico.js';
import type { Message } from '../../src/slack/blocks/message.js';
import { addressUse, poolUse, withAddresses } from '../calico.js';
import { NOW, full, healthy, withFact } from '../facts.js';
import { examined, fullFindings, okFindings } from './answers.js';

/** The answer with what the check says of it. */
export function calicoAnswer(snapshot: Snapshot, others: readonly Finding[] = okFindings()): Answer {
  const { title, why, runbook } = check;
  const own = snapshot.facts['ip-pools'] ? check.run(snapshot) : [];
  const findings = own.map((one) => ({ ...one, check: 'ip-pools', title, why, runbook }));
  return examined(snapshot, [...findings, ...others], 'calico');
}

export function calicoMessages(): Record<string, Message> {
  const dark = (code: 'denied' | 'unsupported', reason: string): Message =>
    calicoMessage(calicoAnswer(withFact(healthy(), 'ip-pools', unknown(code, reason, NOW))));
  return {
    'calico-healthy': calicoMessage(calicoAnswer(withAddresses(healthy()))),
    'calico-trouble': calicoMessage(calicoAnswer(withAddresses(healthy(), TROUBLE))),
    'calico-used-up': calicoMessage(calicoAnswer(withAddresses(healthy(), USED_UP))),
    'calico-full': calicoMessage(calicoAnswer(withAddresses(full(healthy())), fullFindings())),
    'calico-not-here': calicoMessage(calicoAnswer(healthy())),
    'calico-empty': calicoMessage(calicoAnswer(withAddresses(healthy(), EMPTY))),
    'calico-denied': dark(
      'denied',
      'https://10.0.0.2:2379 does not allow this to our user: permission denied.',
    ),
    'calico-elsewhere': dark(
      'unsupported',
      'This Kubernetes holds no addresses of Calico. If Calico keeps them in an etcd of its own, set `calico: true` for that cluster.',
    ),
  };
}

const EMPTY: Partial<AddressUse> = { pools: [], nodes: [], blocks: 0, handles: 0 };

const USED_UP: Partial<AddressUse> = {
  pools: [poolUse({ inUse: 1020, reserved: 4, blocks: 16, freeBlocks: 0 })],
  nodes: [{ node: 'node-b', blocks: 16, free: 4, borrowed: 0 }],
  starving: [{ node: 'node-b', family: 4, reason: 'no-block-left', blocks: 16, borrows: false }],
};

const TROUBLE: Partial<AddressUse> = {
  ...{ source: 'kubernetes', revision: null, strictAffinity: true, borrowed: 12, handles: 31_004 },
  pools: [
    poolUse({ inUse: 980, reserved: 8, blocks: 16, freeBlocks: 0 }),
    poolUse({ name: 'old', cidr: '10.9.0.0/22', disabled: true, inUse: 17, blocks: 2 }),
    poolUse({ name: 'rack-2', cidr: '10.2.0.0/22', selective: true, inUse: 12, blocks: 1 }),
    poolUse({ name: 'six', cidr: 'fd00:10::/48', capacity: 2 ** 80, inUse: 900, huge: true, blocks: 20 }),
  ],
  nodes: [
    { node: 'node-a', blocks: 20, free: 0, borrowed: 0 },
    { node: 'node-b', blocks: 3, free: 20, borrowed: 9 },
    { node: 'node-c', blocks: 1, free: 2, borrowed: 3 },
    { node: 'node-d', blocks: 0, free: 0, borrowed: 0 },
  ],
  starving: [
    { node: 'node-a', family: 4, reason: 'block-limit', blocks: 20, borrows: false },
    { node: 'node-d', family: 6, reason: 'no-block-left', blocks: 0, borrows: true },
  ],
  suspects: [
    { kind: 'block-without-pool', name: '172.16.0.0/26' },
    { kind: 'handle-without-block', name: `k8s-pod-network.${'0a1b2c3d'.repeat(8)}` },
    { kind: 'handle-without-block', name: 'ipip-tunnel-addr-node-z' },
  ],
  ...{ suspectCount: 30_001, orphanedBlocks: 1, unreadable: 2 },
  notRead: ['the IPAM configuration (list ipamconfigs is not allowed)'],
};

/** More of everything than a message holds, with names that want to be more than names. */
export function manyAddresses(name: string): AddressUse {
  const starving = (index: number): AddressUse['starving'][number] => ({
    ...{ node: `${name}${String(index)}`, family: 4, blocks: 3 },
    ...{ reason: 'no-block-left', borrows: index > 100 },
  });
  return addressUse({
    pools: Array.from({ length: 200 }, (_, index) =>
      poolUse({ name: `${name}${String(index)}`, cidr: name, inUse: index * 5 }),
    ),
    nodes: Array.from({ length: 5000 }, (_, index) => ({
      ...{ node: `${name}${String(index)}`, blocks: index % 20, free: 7, borrowed: index % 3 },
    })),
    starving: Array.from({ length: 400 }, (_, index) => starving(index)),
    suspects: Array.from({ length: 50 }, () => ({ kind: 'handle-without-block', name })),
    ...{
      suspectCount: 30_000,
      borrowed: 5000,
      unreadable: 9,
      notRead: Array.from({ length: 9 }, () => name),
    },
  });
}
