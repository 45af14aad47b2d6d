import type { PodQuery } from '../domain/kubernetes/ports.js';
import type { EtcdPodRecord } from '../domain/kubernetes/records.js';

/** Where etcd runs in Kubernetes, and how it is told there. */
export type Layout = 'kubeadm' | 'calico' | 'openshift' | 'annotated';

export const ANNOTATION = 'etcd-steward.io/cluster';

export interface Look {
  /** As a person is told. */
  readonly what: string;
  readonly query: PodQuery;
}

/** Annotations can't be selected, so the last look goes through all pods. */
export const LOOKS: readonly Look[] = [
  {
    what: 'static pods of kubeadm (component=etcd in kube-system)',
    query: { namespace: 'kube-system', labelSelector: 'component=etcd' },
  },
  {
    what: 'Calico’s own etcd (k8s-app=calico-etcd)',
    query: { namespace: null, labelSelector: 'k8s-app=calico-etcd' },
  },
  {
    what: 'OpenShift’s etcd (app=etcd in openshift-etcd)',
    query: { namespace: 'openshift-etcd', labelSelector: 'app=etcd' },
  },
  { what: `pods with the annotation ${ANNOTATION}`, query: { namespace: null } },
];

/** Null: a pod that says nothing of an etcd. Its owner's own word counts most. */
export function layoutOf({ namespace, labels, annotations }: EtcdPodRecord): Layout | null {
  if ((annotations[ANNOTATION] ?? '') !== '') return 'annotated';
  if (labels['k8s-app'] === 'calico-etcd') return 'calico';
  if (namespace === 'openshift-etcd' && labels['app'] === 'etcd') return 'openshift';
  return namespace === 'kube-system' && labels['component'] === 'etcd' ? 'kubeadm' : null;
}
