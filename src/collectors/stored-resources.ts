import { kubernetesOf, type Collector } from '../domain/collector.js';

const MOST_KEPT = 50;

/** What the API server stores, by its own metrics: most bytes first, then most objects. */
const storedResources: Collector<'stored-resources'> = {
  deadlineMs: 4000,
  // Calico's own etcd is not what the API server stores in.
  appliesTo: ({ kubernetes, calico }) => kubernetes !== null && !calico,
  async read(reach) {
    const all = await kubernetesOf(reach).storage(reach.deadlineMs);
    const resources = all.toSorted(
      (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1) || (b.objects ?? -1) - (a.objects ?? -1),
    );
    return { resources: resources.slice(0, MOST_KEPT) };
  },
};

export default storedResources;
