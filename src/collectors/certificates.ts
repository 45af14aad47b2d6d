import type { Collector } from '../domain/collector.js';

/** How long the certificates last that every endpoint shows, and our own. Dates only: nothing is judged here. */
const certificates: Collector<'certificates'> = {
  read: (reach) => reach.each((member) => member.certificates(reach.deadlineMs)),
};

export default certificates;
