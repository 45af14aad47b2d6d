import type { CoreV1Api, CoreV1EventList, V1PodList } from '@kubernetes/client-node';
import { askOnce } from './asked-once.js';

/*
 * A program of its own, whose memory is measured: node pods-theirs.js KUBECONFIG all|same. Lists pods and their events
 * with client-node as its documentation has it, page by page as kubectl asks: all that there are, or the same that our
 * own reading asks for, by the same selectors.
 */
const [path = '', which = 'all'] = process.argv.slice(2);
const LIMIT = 500;
const SELECTORS = {
  pods: 'status.phase=Pending',
  events: 'involvedObject.kind=Pod,reason=FailedCreatePodSandBox',
};

await askOnce(async () => {
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(path);
  const api = config.makeApiClient(CoreV1Api);
  const pods = await listed(api, 'listPodForAllNamespaces', SELECTORS.pods);
  await listed(api, 'listEventForAllNamespaces', SELECTORS.events);
  return pods;
});

type Lists = 'listPodForAllNamespaces' | 'listEventForAllNamespaces';

/** Looks at each page, and drops it. */
async function listed(api: CoreV1Api, list: Lists, selector: string): Promise<number> {
  const selected = which === 'same' ? { fieldSelector: selector } : {};
  let count = 0;
  let token: string | undefined;
  do {
    const next = token === undefined ? {} : { _continue: token };
    const page: V1PodList | CoreV1EventList = await api[list]({ limit: LIMIT, ...selected, ...next });
    count += page.items.length;
    token = page.metadata?._continue;
  } while (token !== undefined && token !== '');
  return count;
}
