import { describe, expect, it } from '@jest/globals';
import { groupName, keyName, ownersIn } from '../../src/domain/keyspace-names.js';

describe('a group in words', () => {
  it.each([
    ['/registry/events/', 'Kubernetes events'],
    ['/registry/pods/', 'Kubernetes pods'],
    ['/registry/pods/kube-system/', 'Kubernetes pods in namespace kube-system'],
    ['/registry/minions/', 'Kubernetes nodes'],
    ['/registry/leases/', 'Kubernetes leases (heartbeats, leader elections)'],
    ['/registry/services/specs/', 'Kubernetes services'],
    ['/registry/services/endpoints/', 'Kubernetes endpoints'],
    ['/registry/crd.projectcalico.org/ipamhandles/', 'custom ipamhandles.crd.projectcalico.org'],
    ['/registry/cert-manager.io/', 'custom resources of cert-manager.io'],
    ['/calico/ipam/v2/handle/', 'Calico IPAM handles (one for each address)'],
    ['/calico/ipam/v2/assignment/', 'Calico IPAM blocks'],
    ['/calico/ipam/v2/host/', 'Calico block affinities of nodes'],
    ['/calico/resources/v3/projectcalico.org/workloadendpoints/', 'Calico workloadendpoints'],
    ['/calico/felix/v2/', 'Felix status of nodes'],
    ['/registry/', null],
    ['/app/config/', null],
    ['', null],
  ])('%j is %j', (prefix, name) => {
    expect(groupName(prefix)).toBe(name);
  });
});

describe('a key in words', () => {
  const owners = ownersIn([
    '/calico/ipam/v2/host/node-3/ipv4/block/10.0.3.0-26',
    '/calico/ipam/v2/virtual/lb/ipv4/block/10.9.0.0-26',
    '/calico/ipam/v2/host/node-4/ipv4/block/10-0-4-0-26',
  ]);

  it.each([
    ['/calico/ipam/v2/assignment/ipv4/block/10.0.3.0-26', 'Calico block 10.0.3.0/26 (node node-3)'],
    ['/calico/ipam/v2/assignment/ipv4/block/10-0-4-0-26', 'Calico block 10.0.4.0/26 (node node-4)'],
    ['/calico/ipam/v2/assignment/ipv4/block/10.9.0.0-26', 'Calico block 10.9.0.0/26'],
    ['/calico/ipam/v2/assignment/ipv6/block/fd00::40-122', 'Calico block fd00::40/122'],
    ['/calico/ipam/v2/host/n1/ipv4/block/10.0.3.0-26', 'affinity of node n1 to Calico block 10.0.3.0/26'],
    ['/calico/ipam/v2/handle/k8s-pod-network.0123abcd', 'Calico handle of a pod’s address'],
    ['/calico/ipam/v2/handle/ipip-tunnel-addr-node-7', 'Calico handle of the ipip tunnel of node node-7'],
    ['/calico/felix/v2/no-region/host/n1/status', 'Felix status of node n1'],
    [
      '/calico/felix/v2/no-region/host/n1/workload/k8s/a%2fb/endpoint/eth0',
      'Felix status of a pod on node n1',
    ],
    ['/calico/resources/v3/projectcalico.org/nodes/n1', 'Calico nodes n1'],
    [
      '/calico/resources/v3/projectcalico.org/workloadendpoints/batch/node--1-k8s-report--29-eth0',
      'Calico endpoint of pod batch/report-29 (node node-1)',
    ],
    [
      '/calico/resources/v3/projectcalico.org/workloadendpoints/batch/other',
      'Calico workloadendpoints batch/other',
    ],
    ['/registry/pods/batch/job-1', 'Kubernetes pods batch/job-1'],
    ['/registry/cert-manager.io/certificates/web/tls', 'custom certificates.cert-manager.io web/tls'],
    ['/registry/services/specs/default/web', 'Kubernetes services default/web'],
    ['compact_rev_key', null],
    ['/app/config/a', null],
  ])('%j is %j', (key, name) => {
    expect(keyName(key, owners)).toBe(name);
  });
});
