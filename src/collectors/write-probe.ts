import { askable, type Collector } from '../domain/collector.js';
import { TargetError } from '../domain/errors.js';

/** The only test that told the truth in the incident: one tiny key, put, read back and removed. Only when asked for. */
const writeProbe: Collector<'write-probe'> = {
  after: ['status'],
  async read(reach) {
    const [member] = askable(reach);
    if (!member) throw new TargetError('unreachable', 'cluster', 'no member answers');
    const begun = performance.now();
    const refusedWith = await refusalOf(member.writeProbe(reach.deadlineMs));
    return { accepted: refusedWith === null, refusedWith, tookMs: performance.now() - begun };
  },
};

export default writeProbe;

/** A write that was refused is an answer; one whose end was not seen is not. */
async function refusalOf(probe: Promise<void>): Promise<string | null> {
  try {
    await probe;
    return null;
  } catch (error) {
    if (
      error instanceof TargetError &&
      ['no-space', 'denied', 'no-leader', 'too-many-requests'].includes(error.code)
    ) {
      return error.message;
    }
    throw error;
  }
}
