import type { Telling } from '../objects/event.js';
import type { Pod } from '../objects/pod.js';

/** Whose words: `dockershim` are the incident's, of a kubelet before 1.24; `containerd` names the datastore's answer. */
export type SandboxWords = 'both' | 'dockershim' | 'containerd';

/** What a kubelet tells when a pod's network could not be set up. */
export function sandboxFailures(pod: Pod, why: string, words: SandboxWords): Telling[] {
  const { name, namespace = '', uid } = pod.metadata;
  const source = kubelet(pod);
  const base = 'rpc error: code = Unknown desc = ';
  const diagnosis =
    'netplugin failed but error parsing its diagnostic message "": unexpected end of JSON input';
  const old = `Failed create pod sandbox: ${base}NetworkPlugin cni failed to set up pod "${name}_${namespace}" network: ${diagnosis}`;
  // The sandbox's id differs each time; from the pod's uid, so that the same failure stays one event.
  const sandbox = uid.slice(0, 4);
  const plain = `Failed to create pod sandbox: ${base}failed to setup network for sandbox "${sandbox}": plugin type="calico" failed (add): ${why}`;
  const texts = { both: [old, plain], dockershim: [old], containerd: [plain] }[words];
  return texts.map((message) => ({ reason: 'FailedCreatePodSandBox', message, type: 'Warning', source }));
}

export function imageFailures(pod: Pod): Telling[] {
  const image = pod.spec.containers[0]?.image ?? '';
  const source = kubelet(pod);
  return [
    {
      ...{ reason: 'Failed', type: 'Warning', source },
      message: `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to resolve reference "${image}": not found`,
    },
    { reason: 'BackOff', type: 'Normal', source, message: `Back-off pulling image "${image}"` },
  ];
}

export function assigned(pod: Pod, node: string): Telling {
  const { namespace = '', name } = pod.metadata;
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  return { reason: 'Scheduled', message, type: 'Normal', source: { component: 'default-scheduler' } };
}

export function noNode(message: string): Telling {
  return { reason: 'FailedScheduling', message, type: 'Warning', source: { component: 'default-scheduler' } };
}

function kubelet(pod: Pod): Telling['source'] {
  return { component: 'kubelet', host: pod.spec.nodeName ?? '' };
}
